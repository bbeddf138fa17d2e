package com.example.gateway.netty;

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
	NettyServerCustomizer incomingTargets() {
		IncomingTargetHandler targets = new IncomingTargetHandler();
		return (server) -> server.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
			.addAfter(NettyPipeline.HttpCodec, "incomingTarget", targets));
	}

	@Bean
	HttpClientCustomizer outgoingTargetsAndInterimResponses() {
		OutgoingTargetHandler targets = new OutgoingTargetHandler();
		return (client) -> client.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
			.addAfter(NettyPipeline.HttpCodec, "outgoingTarget", targets)
			.addAfter(NettyPipeline.HttpCodec, "interimResponses", new InterimResponseHandler()));
	}

}
