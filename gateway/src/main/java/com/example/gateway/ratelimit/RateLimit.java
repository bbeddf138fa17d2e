package com.example.gateway.ratelimit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;

/**
 * One limit, as one gateway of several keeps it: a token bucket for each caller. Each
 * gateway fills its buckets as if it were the only one, and takes as many tokens for a
 * request as there are gateways, so that all together let through what one would. A
 * caller whose bucket is full is forgotten, since a new one is full too. Thread-safe.
 */
final class RateLimit {

	private final TimeMeter clock;

	private final Cache<String, Caller> callers;

	private final AtomicReference<Rule> rule;

	/**
	 * Creates a limit that nobody has used.
	 * @param limit what all gateways let through together
	 * @param maxCallers most callers to remember
	 * @param clock counts nanoseconds
	 */
	RateLimit(RateLimitSettings.Limit limit, int maxCallers, TimeMeter clock) {
		this.clock = clock;
		this.rule = new AtomicReference<>(new Rule(limit, 1));
		this.callers = Caffeine.newBuilder()
			.maximumSize(maxCallers)
			.expireAfterAccess(limit.timeToFill(1))
			.ticker(clock::currentTimeNanos)
			.executor(Runnable::run)
			.build();
	}

	/**
	 * Changes the limit for the requests to come.
	 * @param limit what all gateways let through together
	 * @param maxCallers most callers to remember
	 */
	void configure(RateLimitSettings.Limit limit, int maxCallers) {
		callers.policy().eviction().ifPresent((size) -> size.setMaximum(maxCallers));
		follow(rule.updateAndGet((present) -> new Rule(limit, present.gateways)));
	}

	boolean isFor(String route) {
		return rule.get().limit.isFor(route);
	}

	String by() {
		return rule.get().limit.by();
	}

	/**
	 * Takes what a request of a caller costs.
	 * @param key who calls
	 * @param gateways how many gateways there are
	 * @return what is left
	 */
	Answer take(String key, int gateways) {
		Rule present = rule.get();
		if (gateways != present.gateways) {
			present = rule.updateAndGet((before) -> new Rule(before.limit, gateways));
			follow(present);
		}
		Rule valid = present;
		ConsumptionProbe probe = callers.get(key, (unknown) -> new Caller(valid, clock)).take(valid);
		return new Answer(probe.isConsumed(), valid.limit.requests(), valid.limit.per(), probe.getRemainingTokens(),
				probe.getNanosToWaitForRefill(), probe.getNanosToWaitForReset());
	}

	/**
	 * Gives back what a request took that is not let through.
	 * @param key who called
	 */
	void giveBack(String key) {
		Caller caller = callers.getIfPresent(key);
		if (caller != null) {
			caller.bucket.addTokens(rule.get().gateways);
		}
	}

	/**
	 * Returns how many callers are remembered.
	 * @return their number
	 */
	long size() {
		callers.cleanUp();
		return callers.estimatedSize();
	}

	private void follow(Rule changed) {
		callers.policy()
			.expireAfterAccess()
			.ifPresent((access) -> access.setExpiresAfter(changed.limit.timeToFill(changed.gateways)));
	}

	/**
	 * What became of a request.
	 *
	 * @param taken whether there was room for it
	 * @param requests requests that a caller may make in each period
	 * @param per the period
	 * @param left requests that all gateways together still let through
	 * @param nanosToWait nanoseconds until there is room again
	 * @param nanosToFull nanoseconds until all is as after a pause
	 */
	record Answer(boolean taken, int requests, Duration per, long left, long nanosToWait, long nanosToFull) {
	}

	/**
	 * A limit among so many gateways. Its identity says whether a bucket is up to date.
	 */
	private static final class Rule {

		private final RateLimitSettings.Limit limit;

		private final int gateways;

		private final BucketConfiguration bucket;

		private Rule(RateLimitSettings.Limit limit, int gateways) {
			this.limit = limit;
			this.gateways = gateways;
			this.bucket = BucketConfiguration.builder()
				.addLimit(Bandwidth.builder()
					// A request must fit in.
					.capacity(Math.max(limit.capacity(), gateways))
					.refillGreedy(limit.requests(), limit.per())
					.initialTokens(Math.max(limit.capacity(), gateways))
					.build())
				.build();
		}

	}

	private static final class Caller {

		private final Bucket bucket;

		private Rule rule;

		private Caller(Rule rule, TimeMeter clock) {
			this.rule = rule;
			this.bucket = Bucket.builder()
				.withCustomTimePrecision(clock)
				.addLimit(rule.bucket.getBandwidths()[0])
				.build();
		}

		private synchronized ConsumptionProbe take(Rule present) {
			if (rule != present) {
				rule = present;
				bucket.replaceConfiguration(present.bucket, TokensInheritanceStrategy.AS_IS);
			}
			return bucket.tryConsumeAndReturnRemaining(present.gateways);
		}

	}

}
