package com.example.platform.propagation.restclient;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.example.platform.defaults.RequestTimeout;
import com.example.platform.propagation.DeadlineExceededException;
import com.example.platform.propagation.grpc.PropagatedHeaders;
import io.grpc.Context;
import io.grpc.Deadline;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Sends the propagated headers of the request that is handled, and what is left of its
 * time, along with the HTTP calls made for it. What a call says itself counts more. When
 * no time is left, the call is not made.
 */
public final class PropagatingRequestInterceptor implements ClientHttpRequestInterceptor {

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		HttpHeaders headers = request.getHeaders();
		Deadline deadline = Context.current().getDeadline();
		if (deadline != null) {
			if (deadline.isExpired()) {
				throw new DeadlineExceededException();
			}
			setIfAbsent(headers, RequestTimeout.HEADER,
					RequestTimeout.format(Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS))));
		}
		PropagatedHeaders.current().forEach((name, value) -> setIfAbsent(headers, name, value));
		return execution.execute(request, body);
	}

	private static void setIfAbsent(HttpHeaders headers, String name, String value) {
		if (!headers.containsHeader(name)) {
			headers.set(name, value);
		}
	}

}
