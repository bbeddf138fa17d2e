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
 * One call from when it arrives: whether it was taken on, and how many bytes of its
 * messages there are. It is taken on when its first message is complete, so that one who
 * sends slowly takes nobody's place, and counts from then on, also while no thread is
 * free to run it. A stream is taken on like a call, but not counted after that. Called by
 * the transport's thread, and by that of the call.
 */
final class CallIntake extends ServerStreamTracer {

	static final Context.Key<CallIntake> KEY = Context.key("call-intake");

	private static final Metadata.Key<String> PRIORITY = Metadata.Key.of(Importance.HEADER,
			Metadata.ASCII_STRING_MARSHALLER);

	/**
	 * Most bytes of a call to one of gRPC's own services, which have no part in the rest.
	 */
	private static final long MOST_OF_OWN = 64 * 1024;

	private final Admission admission;

	private final Importance importance;

	private final BodyMemory.Reservation memory;

	private final boolean own;

	private MethodType type = MethodType.UNARY;

	private Optional<Admission.Call> call = Optional.empty();

	private long wire;

	private long unpacked;

	private boolean refused;

	private @Nullable Runnable refusal;

	private CallIntake(Admission admission, Importance importance, BodyMemory.Reservation memory, boolean own) {
		this.admission = admission;
		this.importance = importance;
		this.memory = memory;
		this.own = own;
	}

	/**
	 * Says how to end the call when there is no room for it, or for its messages.
	 * @param refusal ends it; may run at once
	 */
	synchronized void refuseBy(Runnable refusal) {
		this.refusal = refusal;
		if (refused) {
			refusal.run();
		}
	}

	@Override
	public Context filterContext(Context context) {
		return context.withValue(KEY, this);
	}

	@Override
	public synchronized void serverCallStarted(ServerCallInfo<?, ?> info) {
		type = info.getMethodDescriptor().getType();
	}

	@Override
	public synchronized void inboundWireSize(long bytes) {
		wire += bytes;
		account();
	}

	// Of a message that is packed, it is told while the message is unpacked: that ends
	// here when it becomes too much. A message of a stream is gone when it has been
	// handled, of which nobody tells.
	@Override
	public synchronized void inboundUncompressedSize(long bytes) {
		if (type.clientSendsOneMessage()) {
			unpacked += bytes;
			account();
		}
		if (refused && unpacked > wire) {
			throw Status.RESOURCE_EXHAUSTED.withDescription("The message unpacks to more than there is room for")
				.asRuntimeException();
		}
	}

	@Override
	public synchronized void inboundMessageRead(int number, long wireSize, long size) {
		if (number == 0 && !own && !refused) {
			call = admission.enter(importance, false);
			if (call.isEmpty()) {
				refuse();
			}
			else if (type != MethodType.UNARY) {
				call.get().end(false);
			}
		}
		// The one message of a call lives as long as the call, those of a stream come and
		// go.
		if (!type.clientSendsOneMessage()) {
			wire -= wireSize;
			account();
		}
	}

	@Override
	public synchronized void streamClosed(Status status) {
		memory.release();
		call.ifPresent((one) -> one.end(status.isOk()));
	}

	private void account() {
		long bytes = Math.max(wire, unpacked);
		if (!refused && (own ? bytes > MOST_OF_OWN : !memory.resize(bytes))) {
			refuse();
		}
	}

	private void refuse() {
		refused = true;
		if (refusal != null) {
			refusal.run();
		}
	}

	/**
	 * Makes one for each call. Those of gRPC's own services, health and reflection, are
	 * never refused as long as they are small.
	 */
	static final class Factory extends ServerStreamTracer.Factory {

		private final Admission admission;

		private final BodyMemory bodies;

		Factory(Admission admission, BodyMemory bodies) {
			this.admission = admission;
			this.bodies = bodies;
		}

		@Override
		public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
			return new CallIntake(admission, Importance.of(headers.get(PRIORITY)), bodies.reserve(),
					method.startsWith("grpc."));
		}

	}

}
