package com.example.gateway.admission;

import java.io.ByteArrayOutputStream;

import com.example.gateway.deadline.Deadline;
import com.example.gateway.request.GatewayProperties;
import com.example.platform.admission.BodyMemory;
import com.example.platform.admission.http.OverloadedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Reads the body of a request to its end before a service is asked, so that a client that
 * sends slowly costs the gateway some memory and no service a thread, and so that it can
 * be sent again. All that is held takes its room in the {@link BodyMemory} as it arrives.
 * A request whose body finds no room is refused before any of it is read. A body that is
 * longer than what is held goes through as it comes, and so does one in chunks if it may
 * become longer.
 */
@Component
public final class HeldBodyFilter implements GlobalFilter, Ordered {

	private static final String PASSED_THROUGH = HeldBodyFilter.class.getName() + ".passedThrough";

	private final long most;

	private final boolean all;

	private final BodyMemory bodies;

	HeldBodyFilter(GatewayProperties properties, BodyMemory bodies) {
		this.most = properties.maxHeldBody().toBytes();
		this.all = properties.maxRequestSize().toBytes() <= most;
		this.bodies = bodies;
	}

	/**
	 * Tells whether a request can be sent again.
	 * @param exchange the request
	 * @return whether it has no body, or one that is held
	 */
	public static boolean isRepeatable(ServerWebExchange exchange) {
		return !exchange.getAttributes().containsKey(PASSED_THROUGH);
	}

	@Override
	public int getOrder() {
		return Deadline.ORDER + 1;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		long declared = headers.getContentLength();
		boolean chunked = headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
		if (declared <= 0 && !chunked) {
			return chain.filter(exchange);
		}
		if (declared > most || (chunked && !all)) {
			exchange.getAttributes().put(PASSED_THROUGH, true);
			return chain.filter(exchange);
		}
		BodyMemory.Reservation room = bodies.reserve();
		if (!room.hasRoomFor(declared)) {
			return Mono.error(new OverloadedException());
		}
		return held(exchange, room).flatMap(
				(body) -> chain.filter(exchange.mutate().request(new HeldRequest(exchange.getRequest(), body)).build()))
			.doFinally((signal) -> room.release());
	}

	private static Mono<byte[]> held(ServerWebExchange exchange, BodyMemory.Reservation room) {
		Mono<byte[]> held = exchange.getRequest()
			.getBody()
			.reduceWith(ByteArrayOutputStream::new, (body, buffer) -> append(body, buffer, room))
			.map(ByteArrayOutputStream::toByteArray);
		Deadline deadline = exchange.getAttribute(Deadline.ATTRIBUTE);
		return (deadline == null) ? held
				: held.timeout(deadline.timeLeft(), Mono.error(() -> deadline.failure(exchange)));
	}

	private static ByteArrayOutputStream append(ByteArrayOutputStream body, DataBuffer buffer,
			BodyMemory.Reservation room) {
		try {
			if (!room.resize((long) body.size() + buffer.readableByteCount())) {
				throw new OverloadedException();
			}
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			body.writeBytes(bytes);
			return body;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	/** A request whose body can be read again and again, and is as long as it says. */
	private static final class HeldRequest extends ServerHttpRequestDecorator {

		private final byte[] body;

		private final HttpHeaders headers = new HttpHeaders();

		private HeldRequest(ServerHttpRequest request, byte[] body) {
			super(request);
			this.body = body;
			headers.putAll(request.getHeaders());
			headers.remove(HttpHeaders.TRANSFER_ENCODING);
			headers.setContentLength(body.length);
		}

		@Override
		public HttpHeaders getHeaders() {
			return headers;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)));
		}

	}

}
