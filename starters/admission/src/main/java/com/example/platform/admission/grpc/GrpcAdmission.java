package com.example.platform.admission.grpc;

import com.example.platform.admission.Admission;
import com.example.platform.admission.BodyMemory;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

/**
 * Refuses gRPC calls that the process cannot carry: with {@code RESOURCE_EXHAUSTED}, and
 * with the time after which the caller may try again. A server needs both parts of it,
 * the tracers and the interceptor.
 */
public final class GrpcAdmission implements ServerInterceptor {

	private static final Metadata.Key<String> PUSHBACK = Metadata.Key.of("grpc-retry-pushback-ms",
			Metadata.ASCII_STRING_MARSHALLER);

	private static final Status REFUSED = Status.RESOURCE_EXHAUSTED
		.withDescription("There is too much to do at the moment. The call was not processed; try again later.");

	private static final Status ENDED = Status.RESOURCE_EXHAUSTED
		.withDescription("The stream was ended, because there is too much to do at the moment.");

	private final ServerStreamTracer.Factory tracers;

	/**
	 * Creates both parts.
	 * @param admission takes on calls
	 * @param bodies takes on messages
	 */
	public GrpcAdmission(Admission admission, BodyMemory bodies) {
		this.tracers = new CallIntake.Factory(admission, bodies);
	}

	/**
	 * Returns the part that counts.
	 * @return what a server is to be built with
	 */
	public ServerStreamTracer.Factory tracers() {
		return tracers;
	}

	@Override
	public <I, O> ServerCall.Listener<I> interceptCall(ServerCall<I, O> call, Metadata headers,
			ServerCallHandler<I, O> next) {
		CallIntake intake = CallIntake.KEY.get();
		if (intake == null) {
			return next.startCall(call, headers);
		}
		Refusable<I, O> refusable = new Refusable<>(call);
		intake.refuseBy(refusable::refuse);
		return new Listener<>(next.startCall(refusable, headers), refusable);
	}

	/**
	 * A call that the transport's thread may end while that of the call is at work. Once
	 * its handler has begun, only a stream can still be ended, and nobody is told that
	 * nothing was done.
	 */
	private static final class Refusable<I, O> extends SimpleForwardingServerCall<I, O> {

		private boolean begun;

		private boolean refused;

		private boolean closed;

		private Refusable(ServerCall<I, O> call) {
			super(call);
		}

		/** Whether the handler may see what comes next. */
		private synchronized boolean begin() {
			begun = true;
			return !refused;
		}

		private synchronized void refuse() {
			boolean stream = !getMethodDescriptor().getType().clientSendsOneMessage();
			if (closed || (begun && !stream)) {
				return;
			}
			refused = true;
			closed = true;
			Metadata trailers = new Metadata();
			if (!begun) {
				trailers.put(PUSHBACK, "1000");
			}
			super.close(begun ? ENDED : REFUSED, trailers);
		}

		@Override
		public synchronized void close(Status status, Metadata trailers) {
			if (!refused) {
				closed = true;
				super.close(status, trailers);
			}
		}

		@Override
		public synchronized void sendHeaders(Metadata headers) {
			if (!refused) {
				super.sendHeaders(headers);
			}
		}

		@Override
		public synchronized void sendMessage(O message) {
			if (!refused) {
				super.sendMessage(message);
			}
		}

	}

	// gRPC goes on to deliver what has come when a server ends a call by itself.
	private static final class Listener<I> extends SimpleForwardingServerCallListener<I> {

		private final Refusable<I, ?> call;

		private Listener(ServerCall.Listener<I> handler, Refusable<I, ?> call) {
			super(handler);
			this.call = call;
		}

		@Override
		public void onMessage(I message) {
			if (call.begin()) {
				super.onMessage(message);
			}
		}

		@Override
		public void onHalfClose() {
			if (call.begin()) {
				super.onHalfClose();
			}
		}

	}

}
