package com.example.gateway.admission;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.example.gateway.deadline.Deadline;
import com.example.platform.admission.Admission;
import com.example.platform.admission.AdmissionSettings;
import com.example.platform.admission.Importance;
import com.example.platform.admission.http.OverloadedException;
import com.example.platform.liveconfiguration.LiveConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses requests to a service that has as many under way as come back in good time.
 * Each service has a limit of its own, so that one that is slow takes no other down. A
 * route with the metadata {@code importance: background} is for calls that nobody waits
 * for, which are refused first; its services are told so. A call is over when the answer
 * begins, or the WebSocket: what goes on after that is no longer counted.
 */
@Component
final class AdmissionFilter implements GlobalFilter, Ordered {

	static final String IMPORTANCE = "importance";

	private final Map<String, Admission> admissions = new ConcurrentHashMap<>();

	private final LiveConfiguration live;

	private final MeterRegistry meters;

	private final EarlyRefusal early;

	AdmissionFilter(LiveConfiguration live, MeterRegistry meters, EarlyRefusal early) {
		this.live = live;
		this.early = early;
		this.meters = meters;
		live.follow(AdmissionSettings.class,
				(settings) -> admissions.values().forEach((admission) -> admission.configure(settings)));
	}

	@Override
	public int getOrder() {
		return Deadline.ORDER + 2;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		String service = Objects.requireNonNullElse(route.getUri().getHost(), route.getId());
		boolean background = "background".equals(route.getMetadata().get(IMPORTANCE));
		ServerWebExchange told = background ? exchange.mutate()
			.request((request) -> request.header(Importance.HEADER, Importance.BACKGROUND_PRIORITY))
			.build() : exchange;
		Importance importance = Importance.of(told.getRequest().getHeaders().getFirst(Importance.HEADER));
		boolean write = told.getRequest().getHeaders().getContentLength() > 0 || !HeldBodyFilter.isRepeatable(exchange);
		Optional<Admission.Call> entered = admissions.computeIfAbsent(service, this::admission)
			.enter(importance, write);
		if (entered.isEmpty()) {
			if (importance != Importance.BACKGROUND) {
				early.serviceIsFull(write);
			}
			return Mono.error(new OverloadedException());
		}
		Admission.Call call = entered.get();
		ServerHttpResponse response = exchange.getResponse();
		response.beforeCommit(() -> {
			if (isWebSocket(exchange)) {
				call.end(false);
			}
			return Mono.empty();
		});
		return chain.filter(told).doOnSuccess((nothing) -> {
			HttpStatusCode status = response.getStatusCode();
			call.end(status != null && !status.is5xxServerError());
		}).doFinally((signal) -> call.end(false));
	}

	// It has no status as yet when it is accepted; a refusal has one, and so has an
	// answer to a request that only looks like it.
	private static boolean isWebSocket(ServerWebExchange exchange) {
		return "websocket".equalsIgnoreCase(exchange.getRequest().getHeaders().getUpgrade())
				&& exchange.getResponse().getStatusCode() == null;
	}

	private Admission admission(String service) {
		return new Admission(service, live.bind(AdmissionSettings.class).get(), meters, System::nanoTime);
	}

}
