package com.example.gateway.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.bucket4j.TimeMeter;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RateLimitTests {

	private final Clock clock = new Clock();

	@ParameterizedTest
	@CsvSource(textBlock = """
			# callers, requests, burst, gateways
			1,     100,  100, 1
			1,     100,  100, 2
			1,     100,  10,  3
			1,     100,  300, 7
			100,   2,    2,   2
			100,   3,    6,   3
			10000, 1,    5,   2
			""")
	void tenTimesTheLimitLetsTheLimitThrough(int callers, int requests, int burst, int gateways) {
		List<RateLimit> fleet = fleet(gateways, limit(requests, burst));
		int seconds = 30;
		int allowed = 0;
		int perSecond = requests * 10;
		for (int i = 0; i < perSecond * seconds; i++) {
			for (int caller = 0; caller < callers; caller++) {
				// The load balancer in front gives each request to the next.
				allowed += take(fleet.get((i + caller) % gateways), "" + caller, gateways) ? 1 : 0;
			}
			clock.nanos += TimeUnit.SECONDS.toNanos(1) / perSecond;
		}
		assertThat(allowed).isCloseTo((burst + requests * seconds) * callers, Percentage.withPercentage(5));
	}

	@Test
	void whenAGatewayGoesTheOthersLetItsShareThrough() {
		List<RateLimit> fleet = fleet(2, limit(100, 100));
		drain(fleet.get(0), 2);
		drain(fleet.get(1), 2);
		clock.forward(Duration.ofMillis(500));
		// One of two had half of what has come back.
		assertThat(drain(fleet.get(0), 2)).isEqualTo(25);
		clock.forward(Duration.ofMillis(500));
		assertThat(drain(fleet.get(0), 1)).isEqualTo(50);
	}

	@Test
	void aNewGatewayBringsNothingMore() {
		List<RateLimit> fleet = fleet(2, limit(100, 100));
		drain(fleet.get(0), 1);
		assertThat(drain(fleet.get(1), 2)).isEqualTo(50);
		clock.forward(Duration.ofSeconds(1));
		assertThat(drain(fleet.get(0), 2) + drain(fleet.get(1), 2)).isEqualTo(100);
	}

	@Test
	void aBurstSmallerThanTheFleetStillLetsRequestsThrough() {
		List<RateLimit> fleet = fleet(5, limit(1, 1));
		int allowed = 0;
		for (int i = 0; i < 1_000; i++) {
			allowed += take(fleet.get(i % 5), "a", 5) ? 1 : 0;
			clock.forward(Duration.ofMillis(100));
		}
		// At first, each lets one through.
		assertThat(allowed).isBetween(95, 105);
	}

	@Test
	void whoHasNeverAskedIsLetThroughHoweverSmallTheLimit() {
		List<RateLimit> fleet = fleet(3, limit(1, 1));
		assertThat(fleet).allMatch((gateway) -> take(gateway, "a", 3));
		assertThat(fleet).noneMatch((gateway) -> take(gateway, "a", 3));
	}

	@Test
	void aChangedLimitKeepsWhatWasTaken() {
		RateLimit limit = fleet(1, limit(100, 100)).get(0);
		assertThat(drain(limit, 1)).isEqualTo(100);
		limit.configure(limit(10, 10), 1_000_000);
		assertThat(drain(limit, 1)).isZero();
		clock.forward(Duration.ofSeconds(1));
		assertThat(drain(limit, 1)).isEqualTo(10);
		limit.configure(limit(1_000, 1_000), 1_000_000);
		assertThat(drain(limit, 1)).isZero();
		clock.forward(Duration.ofMillis(100));
		assertThat(drain(limit, 1)).isEqualTo(100);
	}

	@Test
	void theAnswerSaysWhatIsLeftAndWhenToComeAgain() {
		RateLimit limit = fleet(1, limit(2, 4)).get(0);
		RateLimit.Answer first = limit.take("a", 2);
		assertThat(first.taken()).isTrue();
		assertThat(first.left()).isEqualTo(2);
		limit.take("a", 2);
		RateLimit.Answer refused = limit.take("a", 2);
		assertThat(refused.taken()).isFalse();
		assertThat(refused.nanosToWait()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
		assertThat(refused.nanosToFull()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
		limit.giveBack("a");
		assertThat(limit.take("a", 2).taken()).isTrue();
	}

	@Test
	void aMillionCallersTakeTheRoomOfAFew() {
		RateLimit limit = new RateLimit(limit(1, 1), 1_000, clock);
		assertThat(take(limit, "busy", 1)).isTrue();
		for (int i = 0; i < 1_000_000; i++) {
			take(limit, "" + i, 1);
			if (i % 100 == 0) {
				assertThat(take(limit, "busy", 1)).as("who keeps on asking is not forgotten").isFalse();
			}
		}
		assertThat(limit.size()).isLessThanOrEqualTo(1_000);
	}

	@Test
	void aCallerThatHasRestedIsForgotten() {
		RateLimit limit = new RateLimit(limit(1, 60), 1_000, clock);
		take(limit, "a", 1);
		clock.forward(Duration.ofSeconds(59));
		assertThat(limit.size()).isOne();
		clock.forward(Duration.ofSeconds(3));
		assertThat(limit.size()).isZero();
	}

	private int drain(RateLimit limit, int gateways) {
		int allowed = 0;
		while (take(limit, "a", gateways)) {
			allowed++;
		}
		return allowed;
	}

	private static boolean take(RateLimit limit, String caller, int gateways) {
		return limit.take(caller, gateways).taken();
	}

	private List<RateLimit> fleet(int gateways, RateLimitSettings.Limit limit) {
		return Stream.generate(() -> new RateLimit(limit, 1_000_000, clock)).limit(gateways).toList();
	}

	private static RateLimitSettings.Limit limit(int requests, int burst) {
		return new RateLimitSettings.Limit(requests, Duration.ofSeconds(1), burst, "address", Set.of());
	}

	private static final class Clock implements TimeMeter {

		private long nanos = 1;

		private void forward(Duration time) {
			nanos += time.toNanos();
		}

		@Override
		public long currentTimeNanos() {
			return nanos;
		}

		@Override
		public boolean isWallClockBased() {
			return false;
		}

	}

}
