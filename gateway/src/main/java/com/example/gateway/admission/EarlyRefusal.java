package com.example.gateway.admission;

import java.time.Duration;
import java.util.concurrent.Executor;

import com.example.gateway.problem.ProblemBody;
import com.example.platform.admission.http.OverloadedException;
import com.example.platform.defaults.RequestId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.FastThreadLocal;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Refuses requests before anything is done for them, while the gateway itself is what has
 * too much to do: the event loop comes to a request late while a service is at its limit,
 * or very late. Else requests wait here until their callers give up, their time is taken
 * for that of their services, whose limits sink, and most of the processor goes into
 * refusals. See Kathleen Nichols and Van Jacobson, <i>Controlling Queue Delay</i> (ACM
 * Queue, 2012): it is the time in the queue that tells an overload, not the length.
 */
final class EarlyRefusal
		implements HttpHandlerDecoratorFactory, Ordered, ApplicationListener<WebServerInitializedEvent> {

	private static final long LONG_WAIT = Duration.ofMillis(50).toNanos();

	private static final long LATELY = Duration.ofSeconds(1).toNanos();

	private final FastThreadLocal<Round> rounds = new FastThreadLocal<>() {

		@Override
		protected Round initialValue() {
			return new Round();
		}

	};

	private final ProblemBody problems;

	private final long longestWait;

	private final Counter refused;

	private volatile long lastFull;

	private volatile long lastFullOfWrites;

	private volatile int managementPort = -1;

	/**
	 * Refuses what has waited for long.
	 * @param longestWait from when on, whether a service is at its limit or not
	 */
	EarlyRefusal(ProblemBody problems, MeterRegistry meters, Duration longestWait) {
		this.problems = problems;
		this.longestWait = longestWait.toNanos();
		this.lastFull = System.nanoTime() - LATELY;
		this.lastFullOfWrites = lastFull;
		this.refused = Counter.builder("platform.gateway.refused.early")
			.description("Requests for which the gateway itself had no time")
			.register(meters);
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if ("management".equals(event.getApplicationContext().getServerNamespace())) {
			managementPort = event.getWebServer().getPort();
		}
	}

	/**
	 * Says that a service has as much to do as it can.
	 * @param writes whether that is known of requests with a body alone, which may not
	 * fill it
	 */
	void serviceIsFull(boolean writes) {
		if (writes) {
			lastFullOfWrites = System.nanoTime();
		}
		else {
			lastFull = System.nanoTime();
		}
	}

	@Override
	public HttpHandler apply(HttpHandler handler) {
		return (request, response) -> (isLate(request) && !isManagement(request)) ? refuse(request, response)
				: handler.handle(request, response);
	}

	private boolean isLate(ServerHttpRequest request) {
		if (!(ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest netty)) {
			return false;
		}
		Round round = rounds.get();
		netty.withConnection((connection) -> round.takes(connection.channel().eventLoop(), System.nanoTime()));
		return round.age > (isServiceFull(request.getHeaders()) ? LONG_WAIT : longestWait);
	}

	private boolean isServiceFull(HttpHeaders headers) {
		long now = System.nanoTime();
		return now - lastFull < LATELY || (now - lastFullOfWrites < LATELY
				&& (headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)));
	}

	private boolean isManagement(ServerHttpRequest request) {
		return request.getLocalAddress() != null && request.getLocalAddress().getPort() == managementPort;
	}

	private Mono<Void> refuse(ServerHttpRequest request, ServerHttpResponse response) {
		refused.increment();
		OverloadedException refusal = new OverloadedException();
		String requestId = RequestId.acceptOrCreate(request.getHeaders().getFirst(RequestId.HEADER));
		response.setStatusCode(refusal.getStatusCode());
		response.getHeaders().addAll(refusal.getHeaders());
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		response.getHeaders().set(RequestId.HEADER, requestId);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory()
			.wrap(problems.write(refusal.getBody(), request.getPath().value(), requestId))));
	}

	/**
	 * What one event loop takes up at once, from the first request until it turns to
	 * other tasks. A later one of them has waited for about as long as that takes.
	 */
	private static final class Round {

		private boolean begun;

		private long since;

		private long age;

		private void takes(Executor loop, long now) {
			if (!begun) {
				begun = true;
				since = now;
				loop.execute(() -> begun = false);
			}
			age = now - since;
		}

	}

}
