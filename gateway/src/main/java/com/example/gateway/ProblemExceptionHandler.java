package com.example.gateway;

import java.util.concurrent.TimeoutException;

import com.example.gateway.netty.BrokenBodyHandler;
import com.example.gateway.problem.ProblemBody;
import com.example.gateway.problem.RefusedException;
import com.example.platform.admission.http.OverloadedException;
import com.example.platform.defaults.ConnectionFailures;
import com.example.platform.defaults.RequestId;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.timeout.ReadTimeoutException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Answers every failure of the gateway itself with problem details (RFC 9457), the format
 * that the services use too. What a service answers passes through untouched. Nothing of
 * the inside is told: no addresses, no exceptions.
 */
@Component
// Before Spring Boot's own handler, which is at -1.
@Order(-2)
final class ProblemExceptionHandler implements WebExceptionHandler {

	private static final Log log = LogFactory.getLog(ProblemExceptionHandler.class);

	private final ProblemBody bodies;

	ProblemExceptionHandler(ProblemBody bodies) {
		this.bodies = bodies;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		ServerHttpResponse response = exchange.getResponse();
		if (BrokenBodyHandler.isBroken(exchange.getRequest())) {
			log.debug("The client has been answered, or has gone, in the middle of its body", failure);
			return Mono.empty();
		}
		if (response.isCommitted()) {
			return Mono.error(failure);
		}
		ProblemDetail problem = problem(failure);
		String path = exchange.getRequest().getPath().value();
		if (problem.getStatus() >= 500 && !(failure instanceof OverloadedException)) {
			log.warn(exchange.getRequest().getMethod() + " " + path + " failed: " + failure);
		}
		response.setRawStatusCode(problem.getStatus());
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		if (problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
			headers.set(HttpHeaders.RETRY_AFTER, "1");
		}
		if (problem.getStatus() == HttpStatus.REQUEST_TIMEOUT.value()) {
			// The rest of the body would be taken for the next request.
			headers.set(HttpHeaders.CONNECTION, "close");
		}
		String requestId = RequestId.acceptOrCreate(exchange.getRequest().getHeaders().getFirst(RequestId.HEADER));
		headers.set(RequestId.HEADER, requestId);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(bodies.write(problem, path, requestId))));
	}

	private static ProblemDetail problem(Throwable failure) {
		if (failure instanceof RefusedException refused) {
			return refused.getBody();
		}
		if (failure instanceof ErrorResponse response) {
			HttpStatus status = HttpStatus.valueOf(response.getStatusCode().value());
			return switch (status) {
				case NOT_FOUND -> new RefusedException(status, "path", "nothing is served here").getBody();
				case SERVICE_UNAVAILABLE ->
					(failure instanceof OverloadedException) ? response.getBody() : unavailable();
				case GATEWAY_TIMEOUT -> timeout();
				default -> response.getBody();
			};
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof TimeoutException || cause instanceof ReadTimeoutException) {
				return timeout();
			}
			if (cause instanceof TooLongFrameException) {
				return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_GATEWAY,
						"The service answered with larger headers than the gateway accepts. It may have done the work.");
			}
		}
		if (ConnectionFailures.isNotConnected(failure)) {
			return unavailable();
		}
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_GATEWAY,
				"The service ended the connection before it answered. Whether it did the work is unknown.");
	}

	private static ProblemDetail unavailable() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"No instance of the service can be reached at the moment. The request was not processed; try again.");
	}

	private static ProblemDetail timeout() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.GATEWAY_TIMEOUT,
				"The service did not answer in time. Whether it did the work is unknown.");
	}

}
