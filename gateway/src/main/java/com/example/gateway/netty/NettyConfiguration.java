package com.example.gateway.netty;

import com.example.gateway.observation.LogIdsHandler;
import com.example.gateway.problem.ProblemBody;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import reactor.netty.NettyPipeline;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the handlers next to the HTTP codecs of both sides.
 */
@Configuration(proxyBeanMethods = false)
class NettyConfiguration {

	@Bean
	NettyServerCustomizer incomingRequests(HttpLimits limits, ServerProperties server, NettyServerProperties netty,
			ProblemBody problems) {
		IncomingTargetHandler targets = new IncomingTargetHandler();
		BrokenBodyHandler bodies = new BrokenBodyHandler();
		int maxLine = (int) netty.getMaxInitialLineLength().toBytes();
		int maxHeaders = (int) server.getMaxHttpRequestHeaderSize().toBytes();
		return (http) -> http.doOnChannelInit((observer, channel, remote) -> {
			if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
				RequestReader reader = new RequestReader(limits, maxLine, maxHeaders);
				channel.pipeline().addBefore(NettyPipeline.HttpCodec, "requestReader", reader);
				add(channel.pipeline(), "refusals", new RefusalHandler(reader, problems));
			}
			add(channel.pipeline(), "incomingTarget", targets);
			add(channel.pipeline(), "brokenBodies", bodies);
		});
	}

	@Bean
	HttpClientCustomizer outgoingTargetsAndInterimResponses() {
		OutgoingTargetHandler targets = new OutgoingTargetHandler();
		LogIdsHandler ids = new LogIdsHandler();
		return (client) -> client.doOnChannelInit((observer, channel, remote) -> {
			add(channel.pipeline(), "outgoingTarget", targets);
			add(channel.pipeline(), "interimResponses", new InterimResponseHandler());
			add(channel.pipeline(), "logIds", ids);
		});
	}

	// A connection that speaks only HTTP/2 has no such codec. What comes by it is what
	// Spring makes of it.
	private static void add(ChannelPipeline pipeline, String name, ChannelHandler handler) {
		if (pipeline.get(NettyPipeline.HttpCodec) != null) {
			pipeline.addAfter(NettyPipeline.HttpCodec, name, handler);
		}
	}

}
