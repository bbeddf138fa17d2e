package com.example.platform.loadbalancing.grpc;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;

import com.example.platform.loadbalancing.policy.Node;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call as a whole, of which {@link CallTracer} sees single attempts:
 * when it began, how long its caller waits, where it was sent, whether the server has
 * been asked for anything yet, and whether the caller has cancelled it. Thread-safe.
 */
public final class CallProgress {

	private static final CallOptions.Key<@Nullable CallProgress> KEY = CallOptions.Key
		.create("com.example.platform.loadbalancing.call-progress");

	private final long startedAt = System.nanoTime();

	// An attempt may run in a context that has none.
	private final @Nullable Deadline callersDeadline = Context.current().getDeadline();

	private final Set<Node> tried = new CopyOnWriteArraySet<>();

	private volatile boolean asked;

	private volatile boolean cancelled;

	private CallProgress(boolean asked) {
		this.asked = asked;
	}

	/**
	 * Returns what has calls remember how far they have come.
	 * @return the interceptor; on a channel without it, each attempt counts as a call
	 */
	public static ClientInterceptor interceptor() {
		return new Interceptor();
	}

	static @Nullable CallProgress of(CallOptions options) {
		return options.getOption(KEY);
	}

	/**
	 * Returns whether an attempt that begins now has most of the call's time. What began
	 * late, since the call waited for a connection or for attempts before it, may not
	 * have enough.
	 */
	boolean hasMostOfTheTime(Deadline deadline) {
		return deadline.timeRemaining(TimeUnit.NANOSECONDS) >= System.nanoTime() - startedAt;
	}

	/**
	 * Returns until when who asked for the call waits, {@code null} for as long as it
	 * takes.
	 */
	@Nullable Deadline callersDeadline() {
		return callersDeadline;
	}

	/**
	 * Returns the nodes that attempts were sent to.
	 */
	Set<Node> tried() {
		return tried;
	}

	/**
	 * Returns whether the server has what it needs to answer. A client that has not sent
	 * the whole of its stream keeps it waiting.
	 */
	boolean isAsked() {
		return asked;
	}

	boolean isCancelled() {
		return cancelled;
	}

	private static final class Interceptor implements ClientInterceptor {

		@Override
		public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
			CallProgress progress = new CallProgress(method.getType().clientSendsOneMessage());
			return new Call<>(next.newCall(method, options.withOption(KEY, progress)), progress, method.getType());
		}

	}

	private static final class Call<I, O> extends SimpleForwardingClientCall<I, O> {

		private final CallProgress progress;

		private final MethodType type;

		private Call(ClientCall<I, O> call, CallProgress progress, MethodType type) {
			super(call);
			this.progress = progress;
			this.type = type;
		}

		@Override
		public void sendMessage(I message) {
			super.sendMessage(message);
			if (type == MethodType.BIDI_STREAMING) {
				progress.asked = true;
			}
		}

		@Override
		public void halfClose() {
			super.halfClose();
			progress.asked = true;
		}

		@Override
		public void cancel(@Nullable String message, @Nullable Throwable cause) {
			progress.cancelled = true;
			super.cancel(message, cause);
		}

	}

}
