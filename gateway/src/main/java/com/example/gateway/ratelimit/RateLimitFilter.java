package com.example.gateway.ratelimit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.example.gateway.deadline.Deadline;
import com.example.gateway.problem.RefusedException;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.liveconfiguration.LiveConfiguration;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses callers that ask too often with 429, and tells every caller what is left, in
 * the fields of the IETF draft "RateLimit header fields for HTTP". A limit is that of all
 * gateways: each lets its share through, by the number of gateways that Consul knows.
 */
@Component
final class RateLimitFilter implements GlobalFilter, Ordered {

	private static final String POLICY = "RateLimit-Policy";

	private static final String LEFT = "RateLimit";

	private static final String HEADER = "header:";

	// A longer name of a caller is remembered by its digest, so that it costs no more.
	private static final int LONGEST_NAME = 64;

	private final MeterRegistry meters;

	private volatile int gateways = 1;

	private volatile Map<String, RateLimit> limits = Map.of();

	RateLimitFilter(LiveConfiguration live, ServiceDirectory directory, MeterRegistry meters,
			@Value("${spring.application.name}") String gateway) {
		this.meters = meters;
		live.follow(RateLimitSettings.class, this::configure);
		// As long as the application.
		Gauge.builder("platform.gateway.rate-limit.gateways", this, (filter) -> filter.gateways)
			.description("Gateways that share the limits")
			.register(meters);
		var unused = directory.subscribe(gateway, (known) -> gateways = Math.max(1, known.size()));
	}

	// Behind the choice of the route, before anything is held or waited for.
	@Override
	public int getOrder() {
		return Deadline.ORDER - 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
		List<Map.Entry<String, RateLimit>> applied = limits.entrySet()
			.stream()
			.filter((limit) -> limit.getValue().isFor(route.getId()))
			.toList();
		if (applied.isEmpty()) {
			return chain.filter(exchange);
		}
		return exchange.getPrincipal().map(Principal::getName).defaultIfEmpty("").flatMap((user) -> {
			RefusedException refusal = take(exchange, applied, user);
			return (refusal != null) ? Mono.error(refusal) : chain.filter(exchange);
		});
	}

	private void configure(RateLimitSettings settings) {
		Map<String, RateLimit> next = new TreeMap<>();
		settings.limits().forEach((name, limit) -> {
			RateLimit known = limits.get(name);
			if (known == null) {
				known = new RateLimit(limit, settings.maxCallers(), TimeMeter.SYSTEM_NANOTIME);
			}
			else {
				known.configure(limit, settings.maxCallers());
			}
			next.put(name, known);
		});
		limits = next;
	}

	private @Nullable RefusedException take(ServerWebExchange exchange, List<Map.Entry<String, RateLimit>> applied,
			String user) {
		HttpHeaders response = exchange.getResponse().getHeaders();
		for (int i = 0; i < applied.size(); i++) {
			String name = applied.get(i).getKey();
			RateLimit limit = applied.get(i).getValue();
			RateLimit.Answer answer = limit.take(caller(exchange.getRequest(), user, limit.by()), gateways);
			// At every request, for which a format string is slow.
			response.add(POLICY, '"' + name + "\";q=" + answer.requests() + ";w=" + answer.per().toSeconds());
			response.add(LEFT, '"' + name + "\";r=" + answer.left() + ";t=" + seconds(answer.nanosToFull()));
			if (!answer.taken()) {
				for (Map.Entry<String, RateLimit> before : applied.subList(0, i)) {
					before.getValue().giveBack(caller(exchange.getRequest(), user, before.getValue().by()));
				}
				meters.counter("platform.gateway.rate-limit.refused", "limit", name).increment();
				long wait = Math.max(1, seconds(answer.nanosToWait()));
				response.set(HttpHeaders.RETRY_AFTER, Long.toString(wait));
				return new RefusedException(HttpStatus.TOO_MANY_REQUESTS, limit.by().replace(HEADER, ""),
						"may send %d requests in %d s; try again in %d s".formatted(answer.requests(),
								answer.per().toSeconds(), wait));
			}
		}
		return null;
	}

	private static String caller(ServerHttpRequest request, String user, String by) {
		String name = switch (by) {
			case "everyone" -> by;
			case "user" -> user;
			case "address" -> "";
			default -> Objects.requireNonNullElse(request.getHeaders().getFirst(by.substring(HEADER.length())), "");
		};
		if (name.isEmpty()) {
			return address(request.getRemoteAddress());
		}
		// Nobody can take another's place by what he calls himself.
		return (name.length() <= LONGEST_NAME) ? "name " + name : "digest " + digest(name);
	}

	// Whoever has one address of version 6 has all of its network.
	private static String address(@Nullable InetSocketAddress client) {
		InetAddress address = (client != null) ? client.getAddress() : null;
		if (address == null) {
			return "unknown address";
		}
		return (address instanceof Inet6Address) ? "network " + HexFormat.of().formatHex(address.getAddress(), 0, 8)
				: "address " + address.getHostAddress();
	}

	private static String digest(String name) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	private static long seconds(long nanos) {
		return (nanos + 999_999_999) / 1_000_000_000;
	}

}
