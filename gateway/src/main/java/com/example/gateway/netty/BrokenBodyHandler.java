package com.example.gateway.netty;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import reactor.netty.Connection;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * Remembers that a body could not be read to its end, such as for a chunk without a
 * length. Reactor Netty answers the client with 400 and closes its connection, but ends
 * the body as if it were complete: a service would take a part for the whole.
 */
@Sharable
public final class BrokenBodyHandler extends ChannelInboundHandlerAdapter {

	private static final AttributeKey<Boolean> BROKEN = AttributeKey.valueOf(BrokenBodyHandler.class, "broken");

	/**
	 * Tells whether the body of a request is broken.
	 * @param request a request whose body has just ended
	 * @return whether it could not be read to its end; so it is, too, when the client has
	 * been answered before and its connection is gone
	 */
	public static boolean isBroken(ServerHttpRequest request) {
		return ServerHttpRequestDecorator.getNativeRequest(request) instanceof Connection connection
				&& (connection.channel().hasAttr(BROKEN) || !connection.channel().isActive());
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpContent content && !(message instanceof HttpRequest)
				&& content.decoderResult().isFailure()) {
			context.channel().attr(BROKEN).set(true);
		}
		context.fireChannelRead(message);
	}

}
