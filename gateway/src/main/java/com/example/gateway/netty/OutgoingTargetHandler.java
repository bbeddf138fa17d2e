package com.example.gateway.netty;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Sends the path and the query as the client wrote them, unless a filter of the route
 * changed them.
 */
@Sharable
final class OutgoingTargetHandler extends ChannelOutboundHandlerAdapter {

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the promise tells
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpRequest request) {
			String kept = request.headers().get(IncomingTargetHandler.HEADER);
			if (kept != null) {
				request.headers().remove(IncomingTargetHandler.HEADER);
				request.setUri(asSent(RequestTarget.of(kept), RequestTarget.of(request.uri())).written());
			}
		}
		context.write(message, promise);
	}

	private static RequestTarget asSent(RequestTarget sent, RequestTarget routed) {
		// Only where a route names its instance itself does Spring write the target anew.
		RequestTarget legal = sent.legal();
		RequestTarget anew = legal.throughSpring();
		boolean pathKept = routed.path().equals(legal.path()) || routed.path().equals(anew.path());
		boolean queryKept = routed.query().equals(legal.query()) || routed.query().equals(anew.query());
		return new RequestTarget(pathKept ? sent.path() : routed.path(), queryKept ? sent.query() : routed.query());
	}

}
