package com.example.gateway.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import reactor.netty.NettyPipeline;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the handlers next to the HTTP codecs of both sides.
 */
@Configuration(proxyBeanMethods = false)
class NettyConfiguration {

	@Bean
	NettyServerCustomizer incomingTargetsAndBrokenBodies() {
		IncomingTargetHandler targets = new IncomingTargetHandler();
		BrokenBodyHandler bodies = new BrokenBodyHandler();
		return (server) -> server.doOnChannelInit((observer, channel, remote) -> {
			add(channel.pipeline(), "incomingTarget", targets);
			add(channel.pipeline(), "brokenBodies", bodies);
		});
	}

	@Bean
	HttpClientCustomizer outgoingTargetsAndInterimResponses() {
		OutgoingTargetHandler targets = new OutgoingTargetHandler();
		return (client) -> client.doOnChannelInit((observer, channel, remote) -> {
			add(channel.pipeline(), "outgoingTarget", targets);
			add(channel.pipeline(), "interimResponses", new InterimResponseHandler());
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
