package com.example.gateway.netty;

import com.example.gateway.problem.RefusedException;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

import org.springframework.http.HttpStatus;

/**
 * Gives Spring a request target that it takes as it is, and keeps the one that the client
 * sent in a header for {@link OutgoingTargetHandler}. A target that no service can be
 * asked for is refused with 400.
 */
@Sharable
final class IncomingTargetHandler extends ChannelInboundHandlerAdapter {

	/**
	 * Name of the header, which never leaves the gateway.
	 */
	static final String HEADER = "x-gateway-request-target";

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
			request.headers().remove(HEADER);
			// RFC 9112, section 3.2.2: the Host beside a URL does not count.
			RequestHead.authority(request.uri()).ifPresent((host) -> request.headers().set(HttpHeaderNames.HOST, host));
			RequestTarget target = RequestTarget.of(request.uri());
			try {
				RequestTarget legal = target.legal();
				if (target.path().startsWith("/") && !legal.throughSpring().equals(target)) {
					target.written();
					request.headers().set(HEADER, target.toString());
					request.setUri(legal.toString());
				}
			}
			catch (IllegalArgumentException ex) {
				request.setDecoderResult(DecoderResult
					.failure(new RefusedException(HttpStatus.BAD_REQUEST, "path", String.valueOf(ex.getMessage()))));
			}
		}
		context.fireChannelRead(message);
	}

}
