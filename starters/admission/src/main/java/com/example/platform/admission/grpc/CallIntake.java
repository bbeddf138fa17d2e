package com.example.platform.admission.grpc;

import java.util.Optional;

import com.example.platform.admission.Admission;
import com.example.platform.admission.BodyMemory;
import com.example.platform.admission.Importance;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One call from when it arrives: whether it was taken on, and how much of its messages
 * waits to be read. It counts before a thread is free to run the call, since what queues
 * is under way too. A stream is taken on like a call, but no longer counted once it runs.
 * Called by the transport's thread; {@link #refuseBy} by that of the call.
 */
final class CallIntake extends ServerStreamTracer {

	static final Context.Key<CallIntake> KEY = Context.key("call-intake");

	private static final Metadata.Key<String> PRIORITY = Metadata.Key.of(Importance.HEADER,
			Metadata.ASCII_STRING_MARSHALLER);

	/** What gRPC puts before each message. */
	private static final int MESSAGE_HEADER = 5;

	private final Optional<Admission.Call> call;

	private final BodyMemory.Reservation messages;

	private boolean stream;

	private long unread;

	private volatile boolean overflown;

	private volatile @Nullable Runnable refusal;

	private CallIntake(Optional<Admission.Call> call, BodyMemory.Reservation messages) {
		this.call = call;
		this.messages = messages;
	}

	/** Whether there is no room for the call, or for its messages so far. */
	boolean isRefused() {
		return call.isEmpty() || overflown;
	}

	/**
	 * Says how to end the call when its messages become too much.
	 * @param refusal ends it; may run at once, and more than once
	 */
	void refuseBy(Runnable refusal) {
		this.refusal = refusal;
		if (isRefused()) {
			refusal.run();
		}
	}

	@Override
	public Context filterContext(Context context) {
		return context.withValue(KEY, this);
	}

	@Override
	public void serverCallStarted(ServerCallInfo<?, ?> info) {
		if (info.getMethodDescriptor().getType() != MethodType.UNARY) {
			stream = true;
			call.ifPresent((one) -> one.end(false));
		}
	}

	@Override
	public void inboundWireSize(long bytes) {
		unread += bytes;
		account();
	}

	// The one message of a call lives as long as the call, those of a stream come and go.
	@Override
	public void inboundMessageRead(int number, long wireSize, long size) {
		if (stream) {
			unread -= wireSize + MESSAGE_HEADER;
			account();
		}
	}

	@Override
	public void streamClosed(Status status) {
		messages.release();
		call.ifPresent((one) -> one.end(status.isOk()));
	}

	private void account() {
		if (!overflown && !messages.resize(unread)) {
			overflown = true;
			Runnable known = refusal;
			if (known != null) {
				known.run();
			}
		}
	}

	/**
	 * Makes one for each call, but for those of gRPC's own services: health and
	 * reflection are never refused.
	 */
	static final class Factory extends ServerStreamTracer.Factory {

		private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {
		};

		private final Admission admission;

		private final BodyMemory bodies;

		Factory(Admission admission, BodyMemory bodies) {
			this.admission = admission;
			this.bodies = bodies;
		}

		@Override
		public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
			return method.startsWith("grpc.") ? UNCOUNTED
					: new CallIntake(admission.enter(Importance.of(headers.get(PRIORITY)), false), bodies.reserve());
		}

	}

}
