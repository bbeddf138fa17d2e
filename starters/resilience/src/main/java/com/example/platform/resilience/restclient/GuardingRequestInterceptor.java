package com.example.platform.resilience.restclient;

import java.io.IOException;
import java.util.Objects;

import com.example.platform.defaults.Fault;
import com.example.platform.resilience.CallGuard;
import com.example.platform.resilience.CallGuard.Outcome;
import com.example.platform.resilience.CallGuards;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Guards HTTP calls, by host and HTTP method, until the head of the answer is there. A
 * call that is not made fails as one does that cannot connect:
 * {@code ResourceAccessException}.
 */
public final class GuardingRequestInterceptor implements ClientHttpRequestInterceptor {

	private final CallGuards guards;

	/**
	 * Creates the interceptor.
	 * @param guards guard the calls
	 */
	public GuardingRequestInterceptor(CallGuards guards) {
		this.guards = guards;
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		CallGuard.Call call = guards
			.guard(Objects.requireNonNullElse(request.getURI().getHost(), ""), request.getMethod().name())
			.enter();
		Outcome outcome = Outcome.UNKNOWN;
		try {
			ClientHttpResponse response = execution.execute(request, body);
			outcome = outcome(response);
			return response;
		}
		catch (IOException ex) {
			outcome = Outcome.FAILED;
			throw ex;
		}
		finally {
			call.end(outcome);
		}
	}

	private static Outcome outcome(ClientHttpResponse response) throws IOException {
		int status = response.getStatusCode().value();
		boolean retryAfter = response.getHeaders().containsHeader(HttpHeaders.RETRY_AFTER);
		return switch (Fault.ofHttp(status, retryAfter)) {
			case NONE, CALLER -> Outcome.SUCCEEDED;
			// That of a service which says when to come back, since it has too much to do
			// at the moment.
			case DEPENDENCY -> (status == 503) ? Outcome.SUCCEEDED : Outcome.FAILED;
			case INSTANCE -> Outcome.FAILED;
		};
	}

}
