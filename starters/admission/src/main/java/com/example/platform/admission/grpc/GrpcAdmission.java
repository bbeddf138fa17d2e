package com.example.platform.admission.grpc;

import com.example.platform.admission.Admission;
import com.example.platform.admission.BodyMemory;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
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
		return intake.isRefused() ? new ServerCall.Listener<>() {
		} : next.startCall(refusable, headers);
	}

	/**
	 * A call that the transport's thread may end while that of the call is at work. What
	 * the handler says after that goes nowhere.
	 */
	private static final class Refusable<I, O> extends SimpleForwardingServerCall<I, O> {

		private boolean refused;

		private boolean closed;

		private Refusable(ServerCall<I, O> call) {
			super(call);
		}

		private synchronized void refuse() {
			if (!closed) {
				refused = true;
				Metadata trailers = new Metadata();
				trailers.put(PUSHBACK, "1000");
				close(REFUSED, trailers);
			}
		}

		@Override
		public synchronized void close(Status status, Metadata trailers) {
			if (!closed || !refused) {
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

}
