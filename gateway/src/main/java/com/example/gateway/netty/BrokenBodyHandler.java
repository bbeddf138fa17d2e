package com.example.gateway.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * Remembers that a body could not be read to its end, such as for a chunk without a
 * length. Reactor Netty answers the client with 400 and closes its connection, but ends
 * the body as if it were complete: a service would take a part for the whole.
 */
@Sharable
public final class BrokenBodyHandler extends ChannelInboundHandlerAdapter {

	// A request is known by its headers: the next one may have come behind it already.
	private static final AttributeKey<HttpHeaders> LATEST = AttributeKey.valueOf(BrokenBodyHandler.class, "latest");

	private static final AttributeKey<HttpHeaders> BROKEN = AttributeKey.valueOf(BrokenBodyHandler.class, "broken");

	/**
	 * Tells whether the body of a request is broken.
	 * @param request a request that Reactor Netty serves
	 * @return whether its body could not be read to its end; so it is, too, when the
	 * client has been answered already, or its connection is gone
	 */
	public static boolean isBroken(ServerHttpRequest request) {
		HttpServerRequest sent = ServerHttpRequestDecorator.getNativeRequest(request);
		Channel channel = ((Connection) sent).channel();
		return !channel.isActive() || (channel.hasAttr(BROKEN) && channel.attr(BROKEN).get() == sent.requestHeaders());
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest request) {
			context.channel().attr(LATEST).set(request.headers());
		}
		else if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
			context.channel().attr(BROKEN).set(context.channel().attr(LATEST).get());
		}
		context.fireChannelRead(message);
	}

}
