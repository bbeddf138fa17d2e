package com.example.gateway.observation;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Shows the ids of the request that a connection to a service serves, while something
 * comes by it.
 */
@Sharable
public final class LogIdsHandler extends ChannelInboundHandlerAdapter {

	/**
	 * Attribute of a connection: the ids of the request that it served last.
	 */
	public static final AttributeKey<@Nullable LogIds> IDS = AttributeKey.valueOf(LogIds.class.getName());

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		during(context, () -> context.fireChannelRead(message));
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		during(context, context::fireChannelReadComplete);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		during(context, context::fireChannelInactive);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
		during(context, () -> context.fireExceptionCaught(failure));
	}

	private static void during(ChannelHandlerContext context, Runnable task) {
		LogIds ids = context.channel().attr(IDS).get();
		if (ids != null) {
			ids.during(task);
		}
		else {
			task.run();
		}
	}

}
