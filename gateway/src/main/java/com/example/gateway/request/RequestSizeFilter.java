package com.example.gateway.request;

import com.example.gateway.netty.BrokenBodyHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses request bodies above the configured size: at once when the length is announced,
 * else as soon as the limit is passed, so that a chunked body cannot hide its size.
 */
@Component
final class RequestSizeFilter implements GlobalFilter, Ordered {

	private final long maxBytes;

	RequestSizeFilter(GatewayProperties properties) {
		this.maxBytes = properties.maxRequestSize().toBytes();
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		RequestBody body = RequestBody.follow(exchange, maxBytes);
		if (request.getHeaders().getContentLength() > maxBytes) {
			return Mono.error(body.tooLarge());
		}
		return chain.filter(exchange.mutate().request(new FollowedRequest(request, body)).build());
	}

	private static final class FollowedRequest extends ServerHttpRequestDecorator {

		private final RequestBody body;

		private FollowedRequest(ServerHttpRequest request, RequestBody body) {
			super(request);
			this.body = body;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return body.read(super.getBody(), () -> BrokenBodyHandler.isBroken(getDelegate()));
		}

	}

}
