package com.example.gateway.deadline;

import com.example.platform.defaults.RequestTimeout;

import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells the service with each attempt how much time is left.
 */
@Component
final class TimeLeftHeader implements HttpHeadersFilter, Ordered {

	// Behind the one that takes the headers away which are for neighbours: what comes
	// from
	// there is a copy already.
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public HttpHeaders filter(HttpHeaders copy, ServerWebExchange exchange) {
		Deadline deadline = exchange.getAttribute(Deadline.ATTRIBUTE);
		if (deadline != null) {
			copy.set(RequestTimeout.HEADER, RequestTimeout.format(deadline.timeLeft()));
		}
		return copy;
	}

}
