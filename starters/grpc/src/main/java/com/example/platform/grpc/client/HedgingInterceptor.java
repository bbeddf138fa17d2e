package com.example.platform.grpc.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import com.example.platform.grpc.client.ClientSettings.CallPolicy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Makes a second attempt of a unary call that is idempotent by contract and takes long,
 * and gives the caller whichever answer comes first (Dean and Barroso, <i>The Tail at
 * Scale</i>, 2013):
 *
 * <ul>
 * <li>when it takes longer than 95 % of the calls of its method do, if the hedging budget
 * allows it;
 * <li>else when half of its time is over, if the retry budget does: an instance that
 * hangs never has the whole of a call's time.
 * </ul>
 *
 * Thread-safe.
 */
public final class HedgingInterceptor implements ClientInterceptor, AutoCloseable {

	// Before anything is known of a method.
	private static final long FIRST_GUESS = TimeUnit.MILLISECONDS.toNanos(100);

	private final ClientServiceConfigs configs;

	private final Predicate<String> isService;

	private final UnaryOperator<Runnable> contextual;

	private final ScheduledThreadPoolExecutor timer;

	private final Map<String, Called> services = new ConcurrentHashMap<>();

	private volatile BiConsumer<String, Outcome> listener = (service, outcome) -> {
	};

	/**
	 * Creates the interceptor.
	 * @param configs the policies
	 * @param isService tells whether a channel's authority is the name of a service, and
	 * not an address
	 * @param contextual has a task that runs later belong to what the present thread
	 * does, for those who observe calls
	 */
	public HedgingInterceptor(ClientServiceConfigs configs, Predicate<String> isService,
			UnaryOperator<Runnable> contextual) {
		this.configs = configs;
		this.isService = isService;
		this.contextual = contextual;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("grpc-hedging-");
		threads.setDaemon(true);
		this.timer = new ScheduledThreadPoolExecutor(1, threads);
		this.timer.setRemoveOnCancelPolicy(true);
		// Once it is closed, calls go on without second attempts.
		this.timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
	}

	/**
	 * Has somebody told what became of each call that took long.
	 * @param listener takes the name of the called service and the outcome, in any
	 * thread; must not block
	 */
	public void listen(BiConsumer<String, Outcome> listener) {
		this.listener = listener;
	}

	@Override
	public void close() {
		timer.shutdownNow();
	}

	@Override
	public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
		String service = next.authority();
		if (method.getType() != MethodType.UNARY || !ClientServiceConfigs.isRepeatable(method) || service == null
				|| !isService.test(service)) {
			return next.newCall(method, options);
		}
		ClientSettings settings = configs.settings();
		CallPolicy policy = settings.policy(service, ClientServiceConfigs.bareName(method), MethodType.UNARY);
		CallPolicy.Hedging hedging = policy.hedgingOrDefault();
		if (!hedging.enabled()) {
			return next.newCall(method, options);
		}
		// What the service config and the caller's context would add further inside,
		// where
		// each attempt would have it for its own.
		Deadline deadline = earlier(
				(policy.deadline() != null) ? Deadline.after(policy.deadline().toNanos(), TimeUnit.NANOSECONDS) : null,
				earlier(options.getDeadline(), Context.current().getDeadline()));
		// A blocking stub's executor takes nothing any more once it has the answer, so
		// that
		// nobody would hear how the other attempt ended.
		Executor listening = (options.getExecutor() != null) ? options.getExecutor() : Runnable::run;
		CallOptions channels = options.withExecutor(null);
		CallOptions timed = (deadline != null) ? channels.withDeadline(deadline) : channels;
		Context.CancellableContext context = Context.current().fork().withCancellation();
		Supplier<ClientCall<I, O>> attempts = () -> {
			Context previous = context.attach();
			try {
				return next.newCall(method, timed);
			}
			finally {
				context.detach(previous);
			}
		};
		return new HedgedCall<>(context, attempts, plan(settings, hedging, service, method, deadline), contextual,
				timer, listening);
	}

	private HedgedCall.Plan plan(ClientSettings settings, CallPolicy.Hedging hedging, String service,
			MethodDescriptor<?, ?> method, @Nullable Deadline deadline) {
		Called called = services.computeIfAbsent(service, (name) -> new Called());
		called.early.deposit(settings.hedgingBudget().tokenRatio(), settings.hedgingBudget().maxTokens());
		ClientSettings.RetryBudget late = settings.retryBudget(service);
		called.late.deposit(late.tokenRatio(), late.maxTokens());
		TailTime tail = called.tails.computeIfAbsent(method.getFullMethodName(), (name) -> new TailTime(FIRST_GUESS));
		long delay = (hedging.delay() != null) ? hedging.delay().toNanos()
				: Math.max(hedging.minDelay().toNanos(), tail.nanos());
		long half = (deadline != null) ? deadline.timeRemaining(TimeUnit.NANOSECONDS) / 2 : Long.MAX_VALUE;
		return new HedgedCall.Plan(tail, Math.min(delay, half), half,
				() -> withdraw(called.early, service, Outcome.HEDGED),
				() -> withdraw(called.late, service, Outcome.REPEATED));
	}

	private boolean withdraw(TokenBucket budget, String service, Outcome outcome) {
		boolean withdrawn = budget.withdraw();
		listener.accept(service, withdrawn ? outcome : Outcome.REFUSED);
		return withdrawn;
	}

	private static @Nullable Deadline earlier(@Nullable Deadline one, @Nullable Deadline other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return one.minimum(other);
	}

	/**
	 * What became of a call that took long.
	 */
	public enum Outcome {

		/** A second attempt was made, since others are answered sooner. */
		HEDGED,

		/** A second attempt was made when half of the time was over. */
		REPEATED,

		/** There was no budget for a second attempt at that moment. */
		REFUSED

	}

	private static final class Called {

		private final TokenBucket early = new TokenBucket();

		private final TokenBucket late = new TokenBucket();

		private final Map<String, TailTime> tails = new ConcurrentHashMap<>();

	}

}
