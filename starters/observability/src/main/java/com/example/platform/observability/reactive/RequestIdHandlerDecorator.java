package com.example.platform.observability.reactive;

import com.example.platform.defaults.RequestId;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;

/**
 * Gives every request an id, passes it on, and says in every response which id it was.
 * Wraps the whole handler, because tracing reads the headers before any filter runs.
 */
public final class RequestIdHandlerDecorator implements HttpHandlerDecoratorFactory {

	private static final boolean NETTY = ClassUtils.isPresent("reactor.netty.http.server.HttpServerRequest",
			RequestIdHandlerDecorator.class.getClassLoader());

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> {
			String requestId = RequestId.acceptOrCreate(request.getHeaders().getFirst(RequestId.HEADER));
			ServerHttpRequest withId = (NETTY && Netty.set(request, requestId)) ? request
					: request.mutate().headers((headers) -> headers.set(RequestId.HEADER, requestId)).build();
			response
				.beforeCommit(() -> Mono.fromRunnable(() -> response.getHeaders().set(RequestId.HEADER, requestId)));
			return handler.handle(withId, response);
		};
	}

	/** Without a copy of all headers. */
	private static final class Netty {

		private static boolean set(ServerHttpRequest request, String requestId) {
			if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest netty) {
				netty.requestHeaders().set(RequestId.HEADER, requestId);
				return true;
			}
			return false;
		}

	}

}
