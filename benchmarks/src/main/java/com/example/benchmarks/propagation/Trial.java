package com.example.benchmarks.propagation;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntPredicate;

import com.example.benchmarks.Delays;
import com.example.benchmarks.propagation.Caller.Seen;
import com.example.benchmarks.propagation.Fleet.Instance;
import com.example.launcher.process.Await;
import com.example.launcher.process.ProcessIdentity.Signal;

/**
 * What is done to the instances of one side, and how soon their caller follows.
 * Thread-safe.
 */
final class Trial {

	private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

	private static final Duration POLL = Duration.ofMillis(5);

	// Seldom enough to leave the processor to what starts.
	private static final Duration START_POLL = Duration.ofMillis(250);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

	// For the calls on their way when an instance leaves the list.
	private static final Duration SETTLE = Duration.ofMillis(200);

	private final Side side;

	private final Agent agent;

	private final Fleet fleet;

	private final Caller caller;

	private final Duration limit;

	private final Map<Measure, Delays> delays = new EnumMap<>(Measure.class);

	/**
	 * Lets one instance leave what makes the others start quickly, then starts the
	 * caller.
	 * @param side whose instances they are
	 * @param agent the agent that they register with
	 * @param fleet where instances come from
	 * @param limit how long is waited for the caller to follow
	 */
	Trial(Side side, Agent agent, Fleet fleet, Duration limit) {
		this.side = side;
		this.agent = agent;
		this.fleet = fleet;
		this.limit = limit;
		Instance first = prepare();
		first.beReady();
		await(first, POLL, side::isRegistered);
		first.send(Signal.TERM);
		Await.until(STOP_TIMEOUT, POLL, () -> !first.isAlive());
		fleet.useArchive();
		this.caller = fleet.startCaller();
		for (Measure measure : Measure.values()) {
			delays.put(measure, new Delays());
		}
	}

	/** What has been clocked so far. */
	Delays of(Measure measure) {
		return delays.getOrDefault(measure, new Delays());
	}

	Side side() {
		return side;
	}

	Duration limit() {
		return limit;
	}

	/** Starts an instance as far as it can before it may be ready. */
	Instance prepare() {
		Instance instance = fleet.startInstance();
		await(instance, START_POLL, side::isStarted);
		return instance;
	}

	/** Lets an instance be ready and waits until it was called. */
	void admit(Instance instance) {
		instance.beReady();
		long registered = await(instance, POLL, side::isRegistered);
		of(Measure.REGISTERED).add(registered, seen(instance).awaitSent(limit));
		of(Measure.REGISTERED_ANSWERED).add(registered, seen(instance).awaitAnswer(limit));
	}

	/** Asks an instance to end and waits until it is called no more. */
	void terminate(Instance instance) throws InterruptedException {
		instance.send(Signal.TERM);
		long left = agent.await(instance.id(), STOP_TIMEOUT, POLL, side::hasLeft);
		awaitEndOfCalls(instance, left, Measure.DEREGISTERED, Measure.DEREGISTERED_OUT);
	}

	/** Kills an instance and waits until it is called no more. */
	void kill(Instance instance) throws InterruptedException {
		long killed = System.nanoTime();
		instance.send(Signal.KILL);
		awaitEndOfCalls(instance, killed, Measure.KILLED, Measure.KILLED_OUT);
	}

	/** Halts an instance and waits until it is called no more. */
	void halt(Instance instance) throws InterruptedException {
		long halted = System.nanoTime();
		instance.send(Signal.STOP);
		awaitEndOfCalls(instance, halted, Measure.HALTED, Measure.HALTED_OUT);
	}

	/** Lets an instance that was halted go on and waits until it is called again. */
	void resume(Instance instance) {
		seen(instance).forgetCalls();
		long resumed = System.nanoTime();
		instance.send(Signal.CONT);
		of(Measure.RESUMED).add(resumed, seen(instance).awaitAnswer(limit));
	}

	private long await(Instance instance, Duration poll, IntPredicate status) {
		long since = agent.await(instance.id(), START_TIMEOUT, poll,
				(answered) -> status.test(answered) || !instance.isAlive());
		if (!instance.isAlive()) {
			throw new IllegalStateException(instance.id() + " ended at start. Its log tells why.");
		}
		return since;
	}

	private void awaitEndOfCalls(Instance instance, long from, Measure lastCall, Measure outOfList)
			throws InterruptedException {
		long out = seen(instance).awaitUnlisted(limit);
		Thread.sleep(SETTLE.toMillis());
		long lastSent = seen(instance).lastSent();
		boolean stillCalled = System.nanoTime() - lastSent < SETTLE.toNanos() / 2;
		of(lastCall).add(from, stillCalled ? Delays.NEVER : lastSent);
		of(outOfList).add(from, out);
	}

	private Seen seen(Instance instance) {
		return caller.of(instance.port());
	}

}
