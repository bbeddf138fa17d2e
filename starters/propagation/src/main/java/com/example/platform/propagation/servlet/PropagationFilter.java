package com.example.platform.propagation.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.example.platform.defaults.AbandonedRequest;
import com.example.platform.defaults.RequestTimeout;
import com.example.platform.propagation.DeadlineExceededException;
import com.example.platform.propagation.grpc.PropagatedHeaders;
import io.grpc.Context;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Handles each HTTP request in a gRPC context that knows its propagated headers and, if
 * it says {@code X-Request-Timeout}, its deadline. What is called by the thread inherits
 * both. What is still under way when the request is over, or its caller has hung up, is
 * cancelled. A request without any time left is answered at once.
 */
public final class PropagationFilter extends OncePerRequestFilter implements Ordered {

	private final PropagatedHeaders headers;

	private final HandlerExceptionResolver exceptions;

	private final ScheduledThreadPoolExecutor deadlines;

	/**
	 * Creates the filter.
	 * @param headers which headers go along
	 * @param exceptions renders the answer when there is no time left
	 */
	public PropagationFilter(PropagatedHeaders headers, HandlerExceptionResolver exceptions) {
		this.headers = headers;
		this.exceptions = exceptions;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("deadlines-");
		threads.setDaemon(true);
		this.deadlines = new ScheduledThreadPoolExecutor(1, threads);
		this.deadlines.setRemoveOnCancelPolicy(true);
	}

	// Behind those that give the request its ids, before all that calls anybody.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 10;
	}

	@Override
	public void destroy() {
		deadlines.shutdownNow();
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Optional<Duration> timeLeft = RequestTimeout.parse(request.getHeader(RequestTimeout.HEADER));
		if (timeLeft.isPresent() && timeLeft.get().isZero()) {
			exceptions.resolveException(request, response, null, new DeadlineExceededException());
			return;
		}
		Context known = headers.readInto(Context.current(), request::getHeader);
		Context.CancellableContext context = timeLeft.isPresent()
				? known.withDeadlineAfter(timeLeft.get().toNanos(), TimeUnit.NANOSECONDS, deadlines)
				: known.withCancellation();
		Runnable cancel = () -> context.cancel(null);
		request.setAttribute(AbandonedRequest.ATTRIBUTE, cancel);
		Context previous = context.attach();
		try {
			chain.doFilter(request, response);
		}
		finally {
			context.detach(previous);
			if (request.isAsyncStarted()) {
				request.getAsyncContext().addListener(new Cancellation(context));
			}
			else {
				context.cancel(null);
			}
		}
	}

	private record Cancellation(Context.CancellableContext context) implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			context.cancel(null);
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// Completion follows.
		}

		@Override
		public void onError(AsyncEvent event) {
			// Completion follows.
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			event.getAsyncContext().addListener(this);
		}

	}

}
