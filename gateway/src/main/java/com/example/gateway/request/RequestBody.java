package com.example.gateway.request;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import com.example.gateway.problem.RefusedException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * How far the body of one request has come. Thread-safe.
 */
public final class RequestBody {

	private static final String ATTRIBUTE = RequestBody.class.getName();

	private final long maxBytes;

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong demand = new AtomicLong();

	private volatile boolean complete;

	private RequestBody(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Begins to follow the body of a request.
	 * @param exchange the request
	 * @param maxBytes most bytes that it may have
	 * @return the body
	 */
	static RequestBody follow(ServerWebExchange exchange, long maxBytes) {
		RequestBody body = new RequestBody(maxBytes);
		exchange.getAttributes().put(ATTRIBUTE, body);
		return body;
	}

	/**
	 * Returns whether it is the client that a request waits for: more of its body was
	 * asked for and has not come. A service that reads no further asks for none.
	 * @param exchange the request
	 * @return whether the client owes the rest of the body
	 */
	public static boolean isAwaited(ServerWebExchange exchange) {
		return exchange.getAttribute(ATTRIBUTE) instanceof RequestBody body && !body.complete && body.demand.get() > 0;
	}

	/**
	 * Reads the body.
	 * @param body what arrives
	 * @param broken tells, when it has ended, whether it is not complete
	 * @return the same, which fails when it is too large or not complete
	 */
	Flux<DataBuffer> read(Flux<DataBuffer> body, BooleanSupplier broken) {
		Mono<DataBuffer> end = Mono
			.defer(() -> broken.getAsBoolean() ? Mono.error(new IOException("The body is broken")) : Mono.empty());
		return body.concatWith(end)
			.doOnRequest((more) -> demand.accumulateAndGet(more, RequestBody::add))
			// Whatever ends it early comes from the client.
			.onErrorMap((ex) -> !(ex instanceof ErrorResponse),
					(ex) -> new RefusedException(HttpStatus.BAD_REQUEST, "body", "ended before it was complete"))
			.<DataBuffer>handle((buffer, sink) -> {
				demand.decrementAndGet();
				if (bytes.addAndGet(buffer.readableByteCount()) > maxBytes) {
					DataBufferUtils.release(buffer);
					sink.error(tooLarge());
				}
				else {
					sink.next(buffer);
				}
			})
			.doOnComplete(() -> complete = true);
	}

	RefusedException tooLarge() {
		return new RefusedException(HttpStatus.CONTENT_TOO_LARGE, "body", "may have at most " + maxBytes + " bytes");
	}

	// A subscriber that asks for all asks for Long.MAX_VALUE.
	private static long add(long demand, long more) {
		return (demand + more < 0) ? Long.MAX_VALUE : demand + more;
	}

}
