package com.example.gateway.retry;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import com.example.gateway.admission.HeldBodyFilter;
import com.example.gateway.deadline.Deadline;
import com.example.platform.defaults.ConnectionFailures;
import com.example.platform.discovery.ServiceDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;

/**
 * Repeats a request that failed, on another instance if there is one, when that cannot do
 * the work twice:
 *
 * <ul>
 * <li>any request when no connection came about, so that it was never sent;
 * <li>GET and HEAD also when the connection was lost or the answer was 503, if that has
 * {@code Retry-After} only where it was not sent before;
 * <li>a method that the route declares in {@value #IDEMPOTENCY_KEY_METHODS} also when the
 * connection was lost, if the request has an {@code Idempotency-Key}.
 * </ul>
 *
 * What was sent is repeated only within the budget of its service, and only if its body
 * is held; what was never sent costs the service nothing.
 */
@Component
final class RetryFilter implements GlobalFilter, Ordered {

	/**
	 * Metadata of a route: the methods, separated by commas, that the service carries out
	 * once for each {@code Idempotency-Key}, however often they are asked for.
	 */
	static final String IDEMPOTENCY_KEY_METHODS = "idempotency-key-methods";

	/**
	 * Order of the filter: all that depends on the chosen instance is behind it.
	 */
	private static final int ORDER = Deadline.ORDER + 3;

	private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

	private final Supplier<RetrySettings> settings;

	private final ServiceDirectory directory;

	private final MeterRegistry meters;

	private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

	RetryFilter(Supplier<RetrySettings> settings, ServiceDirectory directory, MeterRegistry meters) {
		this.settings = settings;
		this.directory = directory;
		this.meters = meters;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		RetrySettings present = settings.get();
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		String service = Objects.requireNonNullElse(route.getUri().getHost(), route.getId());
		RetryBudget budget = budgets.computeIfAbsent(service, (name) -> new RetryBudget(System::nanoTime));
		budget.deposit(present.budget());
		return new Attempts(service, repeatable(exchange, route), present, budget, chain).make(1, exchange);
	}

	private static Set<Reason> repeatable(ServerWebExchange exchange, Route route) {
		if (HeldBodyFilter.isRepeatable(exchange)) {
			if (READS.contains(exchange.getRequest().getMethod())) {
				return EnumSet.allOf(Reason.class);
			}
			if (isKeyed(exchange.getRequest(), route)) {
				return EnumSet.of(Reason.NOT_CONNECTED, Reason.CONNECTION_LOST);
			}
		}
		// The body is read only once there is a connection.
		return EnumSet.of(Reason.NOT_CONNECTED);
	}

	private static boolean isKeyed(ServerHttpRequest request, Route route) {
		String methods = Objects.toString(route.getMetadata().get(IDEMPOTENCY_KEY_METHODS), "");
		return request.getHeaders().containsHeader("Idempotency-Key")
				&& List.of(StringUtils.tokenizeToStringArray(methods, ",")).contains(request.getMethod().name());
	}

	/**
	 * Why an attempt failed, if that may be a reason to repeat it.
	 */
	private enum Reason {

		NOT_CONNECTED, CONNECTION_LOST, UNAVAILABLE,

		/**
		 * For lack of room, or of what the service needs: it knows that this will pass.
		 */
		BUSY;

		private static @Nullable Reason of(Throwable failure) {
			if (ConnectionFailures.isNotConnected(failure)) {
				return NOT_CONNECTED;
			}
			for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
				if (cause instanceof IOException) {
					return CONNECTION_LOST;
				}
			}
			return null;
		}

	}

	/**
	 * How an attempt ended that may have to be repeated.
	 *
	 * @param reason why it failed
	 * @param error what is passed on if it is not repeated; {@code null} for the answer
	 */
	private record Failure(Reason reason, @Nullable Throwable error) {

		private Mono<Void> passOn() {
			return (error != null) ? Mono.error(error) : Mono.empty();
		}

	}

	/**
	 * The attempts of one request.
	 */
	private final class Attempts {

		private final String service;

		private final Set<Reason> repeatable;

		private final RetrySettings settings;

		private final RetryBudget budget;

		private final GatewayFilterChain chain;

		private Attempts(String service, Set<Reason> repeatable, RetrySettings settings, RetryBudget budget,
				GatewayFilterChain chain) {
			this.service = service;
			this.repeatable = repeatable;
			this.settings = settings;
			this.budget = budget;
			this.chain = chain;
		}

		private Mono<Void> make(int number, ServerWebExchange exchange) {
			return chain.filter(exchange)
				.then(Mono.defer(() -> answered(number, exchange)))
				.onErrorResume(this::failed)
				.flatMap((failure) -> {
					if (!mayRepeat(failure.reason, number)) {
						return failure.passOn();
					}
					ServerWebExchangeUtils.reset(exchange);
					return make(number + 1, exchange);
				});
		}

		private Mono<Failure> answered(int number, ServerWebExchange exchange) {
			if (exchange.getResponse().getStatusCode() != HttpStatus.SERVICE_UNAVAILABLE
					|| !repeatable.contains(Reason.UNAVAILABLE)) {
				return Mono.empty();
			}
			if (!exchange.getResponse().getHeaders().containsHeader(HttpHeaders.RETRY_AFTER)) {
				return Mono.just(new Failure(Reason.UNAVAILABLE, null));
			}
			// Each attempt is made on another instance, as long as there is one.
			boolean elsewhere = directory.instances(service).getNow(List.of()).size() > number;
			return elsewhere ? Mono.just(new Failure(Reason.BUSY, null)) : Mono.empty();
		}

		private Mono<Failure> failed(Throwable error) {
			Reason reason = Reason.of(error);
			return (reason != null && repeatable.contains(reason)) ? Mono.just(new Failure(reason, error))
					: Mono.error(error);
		}

		private boolean mayRepeat(Reason reason, int number) {
			if (number >= settings.maxAttempts()) {
				count(reason, "attempts-exhausted");
				return false;
			}
			if (reason != Reason.NOT_CONNECTED && !budget.withdraw(settings.budget())) {
				count(reason, "budget-exhausted");
				return false;
			}
			count(reason, "repeated");
			return true;
		}

		private void count(Reason reason, String outcome) {
			meters
				.counter("platform.gateway.retries", "service", service, "reason",
						reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), "outcome", outcome)
				.increment();
		}

	}

}
