package com.example.platform.observability.reactive;

import com.example.platform.defaults.RequestId;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Gives every request an id, passes it on, and says in every response which id it was.
 * Wraps the whole handler, because tracing reads the headers before any filter runs.
 */
public final class RequestIdHandlerDecorator implements HttpHandlerDecoratorFactory {

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> {
			String requestId = RequestId.acceptOrCreate(request.getHeaders().getFirst(RequestId.HEADER));
			ServerHttpRequest withId = request.mutate()
				.headers((headers) -> headers.set(RequestId.HEADER, requestId))
				.build();
			response
				.beforeCommit(() -> Mono.fromRunnable(() -> response.getHeaders().set(RequestId.HEADER, requestId)));
			return handler.handle(withId, response);
		};
	}

}
