package com.example.gateway.request;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.example.gateway.problem.RefusedException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;

/**
 * Passes WebSockets on. The service is asked first, and only what it accepts is accepted
 * from the client, with the sub-protocol and the cookies that it chose; a refusal has the
 * service's status and headers. Spring Cloud Gateway's own filter accepts before it asks.
 */
@Component
final class WebSocketFilter implements GlobalFilter, Ordered {

	private static final Log log = LogFactory.getLog(WebSocketFilter.class);

	private static final String VERSION = "Sec-WebSocket-Version";

	private static final String PROTOCOL = "Sec-WebSocket-Protocol";

	// Those that belong to one connection, or to a body that is not passed on.
	private static final Set<String> NOT_PASSED_ON = Set.of("host", "connection", "upgrade", "keep-alive",
			"transfer-encoding", "content-length", "content-type", "content-encoding");

	private final WebSocketClient client;

	private final WebSocketService server;

	private final ObjectProvider<List<HttpHeadersFilter>> headersFilters;

	WebSocketFilter(WebSocketClient client, WebSocketService server,
			ObjectProvider<List<HttpHeadersFilter>> headersFilters) {
		this.client = client;
		this.server = server;
		this.headersFilters = headersFilters;
	}

	// Before Spring Cloud Gateway's filter for the same, which is at this minus one.
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 2;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		if (ServerWebExchangeUtils.isAlreadyRouted(exchange) || !isUpgrade(exchange.getRequest())) {
			return chain.filter(exchange);
		}
		if (!"13".equals(exchange.getRequest().getHeaders().getFirst(VERSION))) {
			exchange.getResponse().getHeaders().set(VERSION, "13");
			exchange.getResponse().getHeaders().setUpgrade("websocket");
			return Mono.error(new RefusedException(HttpStatus.UPGRADE_REQUIRED, VERSION, "must be 13"));
		}
		ServerWebExchangeUtils.setAlreadyRouted(exchange);
		URI url = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
		HttpHeaders headers = new HttpHeaders();
		HttpHeadersFilter.filterRequest(headersFilters.getIfAvailable(List::of), exchange)
			.forEach((name, values) -> pass(name, values, headers));
		List<String> protocols = exchange.getRequest().getHeaders().getValuesAsList(PROTOCOL);
		return client
			.execute(URI.create(url.toString().replaceFirst("^http", "ws")), headers,
					new Handler(protocols, (service) -> accept(exchange, service)))
			.onErrorResume(WebSocketClientHandshakeException.class, (ex) -> refuse(exchange, ex));
	}

	private static boolean isUpgrade(ServerHttpRequest request) {
		return HttpMethod.GET.equals(request.getMethod())
				&& "websocket".equalsIgnoreCase(request.getHeaders().getUpgrade())
				&& request.getHeaders().getConnection().stream().anyMatch("upgrade"::equalsIgnoreCase);
	}

	private Mono<Void> accept(ServerWebExchange exchange, WebSocketSession service) {
		HttpHeaders headers = exchange.getResponse().getHeaders();
		service.getHandshakeInfo().getHeaders().forEach((name, values) -> pass(name, values, headers));
		List<String> protocol = Stream.ofNullable(service.getHandshakeInfo().getSubProtocol()).toList();
		// Spring finds only the first of several protocols with spaces between them.
		ServerWebExchange chosen = exchange.mutate()
			.request((request) -> request.headers((offer) -> offer.put(PROTOCOL, protocol)))
			.build();
		// What the server returns ends with the handshake; the service's session must
		// not.
		Sinks.Empty<Void> over = Sinks.empty();
		return server
			.handleRequest(chosen,
					new Handler(protocol,
							(client) -> relay(client, service).doFinally((signal) -> over.tryEmitEmpty())))
			.subscribeOn(Schedulers.fromExecutor(eventLoop(exchange.getRequest())))
			.then(over.asMono());
	}

	// The client may answer the handshake before another thread has told Reactor Netty
	// that this is a WebSocket now, and what it sent would be dropped.
	private static EventLoop eventLoop(ServerHttpRequest request) {
		return ((Connection) ServerHttpRequestDecorator.<HttpServerRequest>getNativeRequest(request)).channel()
			.eventLoop();
	}

	// The WebSocket counts as answered. What breaks it later says who had to close it.
	private static Mono<Void> relay(WebSocketSession client, WebSocketSession service) {
		// A close is passed on as soon as it comes: what ends a session cancels the
		// other's
		// receiving, which would close it without a code.
		return Mono
			.when(close(client, service), close(service, client),
					service.send(client.receive().doOnNext(WebSocketMessage::retain)),
					client.send(service.receive().doOnNext(WebSocketMessage::retain)))
			.onErrorResume((ex) -> {
				log.debug("A WebSocket broke", ex);
				return Mono
					.whenDelayError(client.close(CloseStatus.SERVER_ERROR), service.close(CloseStatus.SERVER_ERROR))
					.onErrorComplete();
			});
	}

	private static Mono<Void> close(WebSocketSession ended, WebSocketSession other) {
		return ended.closeStatus()
			.defaultIfEmpty(CloseStatus.NO_CLOSE_FRAME)
			.flatMap((status) -> other.close(sendable(status)));
	}

	// RFC 6455, section 7.4: 1005 stands for a close without a code; it, 1004, 1006 and
	// 1015 are never sent.
	private static CloseStatus sendable(CloseStatus status) {
		return switch (status.getCode()) {
			case 1005 -> CloseStatus.NORMAL;
			case 1004, 1006, 1015 -> CloseStatus.SERVER_ERROR;
			default -> status;
		};
	}

	private static Mono<Void> refuse(ServerWebExchange exchange, WebSocketClientHandshakeException refusal) {
		HttpResponse answer = refusal.response();
		if (answer == null || answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
				|| exchange.getResponse().isCommitted()) {
			return Mono.error(refusal);
		}
		ServerHttpResponse response = exchange.getResponse();
		response.setRawStatusCode(answer.status().code());
		HttpHeaders headers = new HttpHeaders();
		answer.headers().names().forEach((name) -> pass(name, answer.headers().getAll(name), headers));
		response.getHeaders().addAll(headers);
		// For the case that the request is repeated.
		exchange.getAttributes().put(ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES, headers.headerNames());
		return Mono.empty();
	}

	private static void pass(String name, List<String> values, HttpHeaders headers) {
		String key = name.toLowerCase(Locale.ROOT);
		if (!NOT_PASSED_ON.contains(key) && !key.startsWith("sec-websocket")) {
			headers.addAll(name, values);
		}
	}

	private record Handler(List<String> subProtocols,
			Function<WebSocketSession, Mono<Void>> handler) implements WebSocketHandler {

		@Override
		public List<String> getSubProtocols() {
			return subProtocols;
		}

		@Override
		public Mono<Void> handle(WebSocketSession session) {
			return handler.apply(session);
		}

	}

}
