package com.example.platform.loadbalancing.grpc;

import java.util.concurrent.TimeUnit;

import com.example.platform.defaults.Fault;
import com.example.platform.defaults.grpc.GrpcFaults;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.policy.Node;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Tells a node what became of one call, or of one attempt when it is retried or hedged. A
 * stream's response time is that of the first of its answer.
 *
 * <p>
 * An attempt that ends because the call's own deadline passed is a failure of the
 * instance; not so when the call's caller has set an earlier one (the deadline of gRPC's
 * {@link Context}), when the attempt began late, or when the client has not sent all of
 * its request. A stream that was heard of in the second half of its time did its part.
 *
 * <p>
 * An attempt is in flight from when its node was chosen. gRPC chooses one also for a
 * repetition before it waits for its time, and for calls that have just ended; it never
 * tells when it drops such an attempt. So these are in flight from when they are sent.
 */
final class CallTracer extends ClientStreamTracer {

	private static final Metadata.Key<String> ATTEMPTS_BEFORE = Metadata.Key.of("grpc-previous-rpc-attempts",
			Metadata.ASCII_STRING_MARSHALLER);

	private final CalledService service;

	private final Node node;

	private final CallOptions options;

	private final @Nullable CallProgress call;

	// Until when who asked for the call waits.
	private final @Nullable Deadline callersDeadline;

	// By which the instance has to answer; null where nobody can expect that of it.
	private @Nullable Deadline due;

	// What was left of the time when the attempt began, and when it was last heard of.
	private long given;

	private volatile long leftWhenHeard;

	private long startedAt;

	// Guarded by this, like the next.
	private boolean begun;

	private boolean ended;

	private volatile boolean sent;

	private volatile @Nullable Metadata trailers;

	private CallTracer(CalledService service, Node node, CallOptions options) {
		this.service = service;
		this.node = node;
		this.options = options;
		this.call = CallProgress.of(options);
		this.callersDeadline = (call != null) ? call.callersDeadline() : Context.current().getDeadline();
	}

	// Here gRPC knows the tracer: it is told from now on when the call ends.
	@Override
	public synchronized void streamCreated(Attributes transport, Metadata headers) {
		if (!headers.containsKey(ATTEMPTS_BEFORE) && !isOver()) {
			begin();
		}
	}

	// May be told after the end, of headers that waited to be written.
	@Override
	public synchronized void outboundHeaders() {
		begin();
		sent = true;
	}

	private void begin() {
		if (!begun && !ended) {
			due = isForTheInstance(options.getDeadline()) ? options.getDeadline() : null;
			given = (due != null) ? due.timeRemaining(TimeUnit.NANOSECONDS) : 0;
			leftWhenHeard = given;
			startedAt = node.started();
			begun = true;
		}
	}

	private boolean isForTheInstance(@Nullable Deadline deadline) {
		return deadline != null && (call == null || call.hasMostOfTheTime(deadline))
				&& (callersDeadline == null || deadline.isBefore(callersDeadline));
	}

	private boolean isOver() {
		Deadline deadline = options.getDeadline();
		return (deadline != null && deadline.isExpired()) || Context.current().isCancelled()
				|| (call != null && call.isCancelled());
	}

	@Override
	public void inboundHeaders(Metadata headers) {
		node.responded(startedAt);
	}

	@Override
	public void inboundMessage(int number) {
		if (due != null) {
			leftWhenHeard = due.timeRemaining(TimeUnit.NANOSECONDS);
		}
	}

	@Override
	public void inboundTrailers(Metadata trailers) {
		this.trailers = trailers;
	}

	// gRPC's retry layer, which is on by default, ends an attempt without headers as
	// CANCELLED when the deadline has passed.
	@Override
	public void streamClosed(Status status) {
		if (!end()) {
			return;
		}
		switch (status.getCode()) {
			case CANCELLED, DEADLINE_EXCEEDED -> {
				if (isOverdue()) {
					// It takes at least as long as the caller has waited.
					node.responded(startedAt);
					service.failed(node);
				}
				else {
					node.cancelled();
				}
			}
			default -> {
				if (!sent && status.getCode() != Status.Code.UNAVAILABLE) {
					// Such as metadata larger than the server takes: refused right here.
					node.cancelled();
					return;
				}
				switch (fault(status)) {
					case NONE, CALLER -> node.succeeded();
					case DEPENDENCY -> node.cancelled();
					case INSTANCE -> service.failed(node);
				}
			}
		}
	}

	// Whether it had begun.
	private synchronized boolean end() {
		ended = true;
		return begun;
	}

	private boolean isOverdue() {
		return due != null && due.isExpired() && leftWhenHeard >= given / 2 && (call == null || call.isAsked());
	}

	// A server that finds the request itself wrong may answer with a plain HTTP status,
	// which gRPC tells in words alone.
	private Fault fault(Status status) {
		String description = status.getDescription();
		return (description != null && description.startsWith("HTTP status code 4")) ? Fault.CALLER
				: GrpcFaults.of(status.getCode(), trailers);
	}

	/**
	 * Makes the tracers of one node's calls.
	 */
	static final class Factory extends ClientStreamTracer.Factory {

		private final CalledService service;

		private final Node node;

		Factory(CalledService service, Node node) {
			this.service = service;
			this.node = node;
		}

		@Override
		public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
			CallProgress call = CallProgress.of(info.getCallOptions());
			if (call != null) {
				call.tried().add(node);
			}
			return new CallTracer(service, node, info.getCallOptions());
		}

	}

}
