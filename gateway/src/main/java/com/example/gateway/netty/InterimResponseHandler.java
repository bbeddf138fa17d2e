package com.example.gateway.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.ReferenceCountUtil;

/**
 * Leaves out interim responses of services such as 103 (Early Hints), which Reactor Netty
 * takes for the final one. They are hints; the final response says all that counts.
 */
final class InterimResponseHandler extends ChannelInboundHandlerAdapter {

	private boolean interim;

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpResponse response) {
			interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL
					&& response.status().code() != HttpResponseStatus.CONTINUE.code()
					&& response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
		}
		if (interim && (message instanceof HttpResponse || message instanceof HttpContent)) {
			ReferenceCountUtil.release(message);
			// Nobody behind this asks for more, having seen nothing.
			context.read();
		}
		else {
			context.fireChannelRead(message);
		}
	}

}
