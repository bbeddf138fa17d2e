package com.example.platform.grpc.client;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A unary call of which a second attempt may be made. The caller gets what the first of
 * them answers to be well, or else what the last says.
 *
 * <p>
 * The other attempt goes on until the deadline of the call, unless there is none or the
 * caller gives up: as long as it is under way its instance counts as busy, and how it
 * ends tells load balancing about that.
 *
 * @param <I> request
 * @param <O> response
 */
final class HedgedCall<I, O> extends SimpleForwardingClientCall<I, O> {

	// What another instance may do better.
	private static final Set<Status.Code> TRY_ELSEWHERE = EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.UNKNOWN,
			Status.Code.INTERNAL, Status.Code.DATA_LOSS, Status.Code.DEADLINE_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED);

	private final Context caller = Context.current();

	private final Context.CancellationListener callerGone = this::giveUp;

	private final Context.CancellableContext context;

	private final Supplier<ClientCall<I, O>> attempts;

	private final Plan plan;

	private final UnaryOperator<Runnable> contextual;

	private final ScheduledExecutorService clock;

	private final Executor listening;

	private final Metadata headers = new Metadata();

	// Guarded by this, like all below.
	private final List<ClientCall<I, O>> underWay = new ArrayList<>();

	private @Nullable Runnable second;

	private @Nullable I message;

	private long startedAt;

	private @Nullable Future<?> timer;

	private boolean measured;

	private boolean over;

	/**
	 * Creates a call.
	 * @param context what attempts are made in, which is not the caller's: one may go on
	 * when the caller has its answer
	 * @param attempts makes an attempt, which is not started
	 * @param plan when to make the second
	 * @param contextual what the second runs in
	 * @param clock runs it
	 * @param listening calls the caller's listener
	 */
	HedgedCall(Context.CancellableContext context, Supplier<ClientCall<I, O>> attempts, Plan plan,
			UnaryOperator<Runnable> contextual, ScheduledExecutorService clock, Executor listening) {
		super(attempts.get());
		this.context = context;
		this.attempts = attempts;
		this.plan = plan;
		this.contextual = contextual;
		this.clock = clock;
		this.listening = listening;
	}

	@Override
	public void start(Listener<O> listener, Metadata headers) {
		this.headers.merge(headers);
		synchronized (this) {
			second = contextual.apply(() -> startSecond(listener));
			startedAt = System.nanoTime();
			underWay.add(delegate());
		}
		caller.addListener(callerGone, Runnable::run);
		super.start(new Attempt(delegate(), listener), headers);
	}

	@Override
	public void sendMessage(I message) {
		synchronized (this) {
			this.message = message;
		}
		super.sendMessage(message);
	}

	@Override
	public void halfClose() {
		super.halfClose();
		schedule(plan.delay, () -> {
			measure();
			if (plan.mayHedge.getAsBoolean()) {
				makeSecond();
			}
			else if (plan.half != Long.MAX_VALUE) {
				schedule(plan.half, () -> {
					if (plan.mayRepeat.getAsBoolean()) {
						makeSecond();
					}
				});
			}
		});
	}

	@Override
	public void cancel(@Nullable String reason, @Nullable Throwable cause) {
		noSecond();
		if (isWanted()) {
			rest().forEach((attempt) -> attempt.cancel(reason, cause));
		}
	}

	private void giveUp(Context gone) {
		noSecond();
		context.cancel(gone.cancellationCause());
	}

	private synchronized void noSecond() {
		second = null;
		stopTimer();
	}

	private synchronized boolean isWanted() {
		return !over;
	}

	// Does something when so much time of the call is over, if it still waits then.
	private synchronized void schedule(long nanos, Runnable task) {
		if (!over && second != null) {
			timer = clock.schedule(() -> {
				if (isWaiting()) {
					task.run();
				}
			}, nanos - (System.nanoTime() - startedAt), TimeUnit.NANOSECONDS);
		}
	}

	private synchronized boolean isWaiting() {
		return !over && second != null;
	}

	private void makeSecond() {
		Runnable task;
		synchronized (this) {
			task = second;
		}
		if (task != null) {
			task.run();
		}
	}

	private void startSecond(Listener<O> listener) {
		ClientCall<I, O> call = attempts.get();
		I request;
		synchronized (this) {
			if (over || second == null || message == null) {
				return;
			}
			request = message;
			second = null;
			underWay.add(call);
		}
		Metadata copy = new Metadata();
		copy.merge(headers);
		Attempt attempt = new Attempt(call, listener);
		try {
			call.start(attempt, copy);
			call.request(2);
			call.sendMessage(request);
			call.halfClose();
		}
		catch (RuntimeException | Error ex) {
			// It never ends by itself, and the first would be waited for in vain.
			call.cancel("The second attempt cannot be made", ex);
			attempt.onClose(Status.UNKNOWN.withCause(ex), new Metadata());
		}
	}

	private synchronized boolean decides(ClientCall<I, O> attempt, Status status) {
		underWay.remove(attempt);
		if (over || (!underWay.isEmpty() && TRY_ELSEWHERE.contains(status.getCode()))) {
			return false;
		}
		over = true;
		stopTimer();
		caller.removeListener(callerGone);
		if (status.isOk()) {
			measure();
		}
		return true;
	}

	private synchronized List<ClientCall<I, O>> rest() {
		return List.copyOf(underWay);
	}

	private void stopTimer() {
		if (timer != null) {
			timer.cancel(false);
		}
	}

	private synchronized void measure() {
		if (!measured) {
			measured = true;
			plan.tail.add(System.nanoTime() - startedAt);
		}
	}

	/**
	 * When a second attempt is made.
	 *
	 * @param tail is told how long the first took
	 * @param delay nanoseconds after which it is made
	 * @param half nanoseconds after which it is made if it was not allowed then,
	 * {@link Long#MAX_VALUE} for never
	 * @param mayHedge asks whether it is allowed at first
	 * @param mayRepeat asks whether it is allowed then
	 */
	record Plan(TailTime tail, long delay, long half, BooleanSupplier mayHedge, BooleanSupplier mayRepeat) {
	}

	// gRPC tells a listener one thing after the other. Of two attempts only one tells the
	// caller anything, when it has ended.
	private final class Attempt extends ClientCall.Listener<O> {

		private final ClientCall<I, O> call;

		private final Listener<O> listener;

		private @Nullable Metadata headers;

		private @Nullable O answer;

		private Attempt(ClientCall<I, O> call, Listener<O> listener) {
			this.call = call;
			this.listener = listener;
		}

		@Override
		public void onHeaders(Metadata headers) {
			this.headers = headers;
		}

		@Override
		public void onMessage(O message) {
			this.answer = message;
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			if (decides(call, status)) {
				listening.execute(context.wrap(() -> tell(status, trailers)));
				if (plan.half == Long.MAX_VALUE) {
					rest().forEach((other) -> other.cancel("The other attempt was answered", null));
				}
			}
		}

		private void tell(Status status, Metadata trailers) {
			if (headers != null) {
				listener.onHeaders(headers);
			}
			if (answer != null) {
				listener.onMessage(answer);
			}
			listener.onClose(status, trailers);
		}

	}

}
