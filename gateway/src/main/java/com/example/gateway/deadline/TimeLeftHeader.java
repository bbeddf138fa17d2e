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

	// What comes from the filter of hop-by-hop headers, which is before, is a copy.
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
