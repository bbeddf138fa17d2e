package com.example.gateway.request;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Finds out where a request comes from. Only a trusted proxy is believed what its
 * {@code X-Forwarded-For} says: the last address in it that is not a trusted proxy's is
 * the client's. From everybody else the headers are taken away, since anybody can write
 * them.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class ForwardedFilter implements WebFilter {

	private static final String FORWARDED_FOR = "X-Forwarded-For";

	private static final Set<String> FORWARDED = Set.of("Forwarded", FORWARDED_FOR, "X-Forwarded-Host",
			"X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Proto", "X-Forwarded-Ssl", "X-Real-IP");

	private static final Pattern WITH_PORT = Pattern.compile("^(?:([0-9.]+)|\\[(.*)])(?::\\d+)?$");

	private final Supplier<ForwardedSettings> settings;

	ForwardedFilter(Supplier<ForwardedSettings> settings) {
		this.settings = settings;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ForwardedSettings present = settings.get();
		ServerHttpRequest request = exchange.getRequest();
		InetSocketAddress sender = request.getRemoteAddress();
		if (sender != null && sender.getAddress() != null && present.isTrusted(sender.getAddress())) {
			InetAddress client = client(sender.getAddress(), request.getHeaders(), present);
			return chain.filter(exchange.mutate().request(new ForwardedRequest(request, client)).build());
		}
		if (FORWARDED.stream().noneMatch(request.getHeaders()::containsHeader)) {
			return chain.filter(exchange);
		}
		return chain.filter(
				exchange.mutate().request((to) -> to.headers((headers) -> FORWARDED.forEach(headers::remove))).build());
	}

	// From the nearest on: each is told by the one behind it, which is trusted.
	private static InetAddress client(InetAddress proxy, HttpHeaders headers, ForwardedSettings settings) {
		// By commas alone: a quote that the client began would swallow the rest.
		List<String> hops = List.of(String.join(",", headers.getOrEmpty(FORWARDED_FOR)).split(","));
		InetAddress client = proxy;
		for (int i = hops.size() - 1; i >= 0 && settings.isTrusted(client); i--) {
			InetAddress told = address(hops.get(i).strip());
			if (told == null) {
				break;
			}
			client = told;
		}
		return client;
	}

	// With or without a port. No name is looked up.
	private static @Nullable InetAddress address(String hop) {
		String text = WITH_PORT.matcher(hop).replaceFirst("$1$2");
		byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
		try {
			return (bytes != null) ? InetAddress.getByAddress(bytes) : null;
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("An address has 4 or 16 bytes", ex);
		}
	}

	/** Built for each request, for which a builder copies more than is needed. */
	private static final class ForwardedRequest extends ServerHttpRequestDecorator {

		private final InetSocketAddress client;

		private ForwardedRequest(ServerHttpRequest request, InetAddress client) {
			super(request);
			this.client = new InetSocketAddress(client, 0);
		}

		@Override
		public InetSocketAddress getRemoteAddress() {
			return client;
		}

	}

}
