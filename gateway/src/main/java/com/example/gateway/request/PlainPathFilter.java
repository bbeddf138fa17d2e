package com.example.gateway.request;

import com.example.gateway.problem.RefusedException;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses paths that a service may read differently from the gateway. Routes match the
 * path as it is written, while servlet containers resolve dot segments first:
 * {@code /api/users/../../actuator} would match the route of the users and reach the
 * actuator. Path parameters (RFC 3986, section 3.3), also called matrix parameters, are
 * taken off by some and compared by others.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class PlainPathFilter implements WebFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		for (PathContainer.Element element : exchange.getRequest().getPath().elements()) {
			if (element instanceof PathContainer.PathSegment segment && isAmbiguous(segment)) {
				return Mono.error(new RefusedException(HttpStatus.BAD_REQUEST, "path",
						"may contain no matrix parameters, no dot segments, and no encoded slashes or backslashes"));
			}
		}
		return chain.filter(exchange);
	}

	private static boolean isAmbiguous(PathContainer.PathSegment segment) {
		// Decoded.
		String value = segment.valueToMatch();
		return segment.value().indexOf(';') >= 0 || value.equals(".") || value.equals("..") || value.indexOf('/') >= 0
				|| value.indexOf('\\') >= 0;
	}

}
