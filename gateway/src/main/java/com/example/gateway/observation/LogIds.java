package com.example.gateway.observation;

import java.util.Optional;

import com.example.platform.defaults.RequestId;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.MDC;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;

/**
 * The ids of a request, for the log lines of whichever thread works for it. They are
 * shown where a thread takes the request up: when it comes, when its service answers, and
 * when it ends. Reactor's automatic context propagation shows them at each operator, of
 * which the gateway has a hundred: that took a fifth of its processor time. Thread-safe.
 */
public final class LogIds {

	private static final String ATTRIBUTE = LogIds.class.getName();

	private static final String TRACE_ID = "traceId";

	private static final String SPAN_ID = "spanId";

	private static final FastThreadLocal<@Nullable LogIds> SHOWN = new FastThreadLocal<>();

	private final @Nullable String requestId;

	private final @Nullable Span span;

	private LogIds(@Nullable String requestId, @Nullable Span span) {
		this.requestId = requestId;
		this.span = span;
	}

	/**
	 * Returns the ids of a request.
	 * @param exchange the request, with its id and, if there is tracing, its observation
	 * @return the ids
	 */
	public static LogIds of(ServerWebExchange exchange) {
		LogIds known = exchange.getAttribute(ATTRIBUTE);
		if (known != null) {
			return known;
		}
		Optional<TracingContext> tracing = ServerRequestObservationContext.findCurrent(exchange.getAttributes())
			.map((request) -> request.get(TracingContext.class));
		LogIds ids = new LogIds(exchange.getRequest().getHeaders().getFirst(RequestId.HEADER),
				tracing.map(TracingContext::getSpan).orElse(null));
		exchange.getAttributes().put(ATTRIBUTE, ids);
		return ids;
	}

	/**
	 * Shows the ids while a task runs.
	 * @param task the task
	 */
	public void during(Runnable task) {
		LogIds before = SHOWN.get();
		if (before == this) {
			task.run();
			return;
		}
		show(this);
		try {
			task.run();
		}
		finally {
			show(before);
		}
	}

	/**
	 * Shows the ids while work is begun and while its end is told.
	 * @param <T> what the work results in
	 * @param work the work
	 * @return the same
	 */
	public <T> Mono<T> during(Mono<T> work) {
		return new Shown<>(work);
	}

	private static void show(@Nullable LogIds ids) {
		SHOWN.set(ids);
		put(RequestId.HEADER, (ids != null) ? ids.requestId : null);
		Span span = (ids != null) ? ids.span : null;
		put(TRACE_ID, (span != null) ? span.context().traceId() : null);
		put(SPAN_ID, (span != null) ? span.context().spanId() : null);
	}

	private static void put(String key, @Nullable String id) {
		if (id != null) {
			MDC.put(key, id);
		}
		else {
			MDC.remove(key);
		}
	}

	private final class Shown<T> extends MonoOperator<T, T> {

		private Shown(Mono<T> source) {
			super(source);
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> subscriber) {
			during(() -> source.subscribe(new Subscriber<T>(subscriber)));
		}

	}

	private final class Subscriber<T> implements CoreSubscriber<T> {

		private final CoreSubscriber<? super T> to;

		private Subscriber(CoreSubscriber<? super T> to) {
			this.to = to;
		}

		@Override
		public Context currentContext() {
			return to.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			to.onSubscribe(subscription);
		}

		@Override
		public void onNext(T value) {
			during(() -> to.onNext(value));
		}

		@Override
		public void onError(Throwable failure) {
			during(() -> to.onError(failure));
		}

		@Override
		public void onComplete() {
			during(to::onComplete);
		}

	}

}
