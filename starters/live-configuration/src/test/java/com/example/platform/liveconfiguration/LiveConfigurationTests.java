package com.example.platform.liveconfiguration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LiveConfigurationTests {

	private static final int RELOADS = 1_000;

	private static final int READS = 1_000_000;

	private static final int READERS = 2;

	// So that each reader has read during the reloads, not before or after them, however
	// busy the machine is.
	private static final int REVISIONS_SEEN = RELOADS / 10;

	private static final int MOST_RELOADS = 1_000 * RELOADS;

	private final MockEnvironment environment = new MockEnvironment();

	private final LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();

	private final LiveConfiguration configuration;

	LiveConfigurationTests() {
		validator.afterPropertiesSet();
		configuration = new LiveConfiguration(environment, validator);
	}

	@AfterEach
	void close() {
		validator.close();
	}

	@Test
	void whatAnotherReloadHasReplacedInTheMeantimeStays() {
		Supplier<Limits> limits = configuration.bind(Limits.class);
		Supplier<Calls> calls = configuration.bind(Calls.class);
		environment.setProperty("calls.defaults.size", "3");
		LiveConfiguration.Prepared prepared = configuration.prepare(environment, (live) -> live == calls);
		Limits before = limits.get();
		environment.setProperty("limits.max-lines", "11");
		configuration.renew((live) -> live == limits);
		Limits renewed = limits.get();
		configuration.complete(prepared);
		assertThat(calls.get().defaults().size()).isEqualTo(3);
		assertThat(limits.get()).isSameAs(renewed).isNotEqualTo(before);
	}

	@Test
	void aRecordThatIsBoundAgainWithTheSameValuesIsToldToNobody() {
		List<Limits> heard = new ArrayList<>();
		configuration.follow(Limits.class, heard::add);
		Supplier<Limits> limits = configuration.bind(Limits.class);
		Limits before = limits.get();
		assertThat(configuration.renew((live) -> true)).isEmpty();
		assertThat(limits.get()).isSameAs(before);
		assertThat(heard).hasSize(1);
	}

	@Test
	void whatAnEntryLeavesOutIsAsInTheDefaults() {
		environment.setProperty("calls.defaults.policy", "random");
		environment.setProperty("calls.defaults.ejection.after", "7");
		environment.setProperty("calls.services.user.size", "3");
		environment.setProperty("calls.services.order.policy", "sticky");
		Supplier<Calls> calls = configuration.bind(Calls.class);
		assertThat(calls.get().services()).isEqualTo(Map.of("user", new Service("random", 3, new Ejection(7, true)),
				"order", new Service("sticky", 1, new Ejection(7, true))));
		environment.setProperty("calls.defaults.ejection.enabled", "false");
		environment.setProperty("calls.services.user.ejection.after", "9");
		configuration.reload();
		assertThat(calls.get().services()).isEqualTo(Map.of("user", new Service("random", 3, new Ejection(9, false)),
				"order", new Service("sticky", 1, new Ejection(7, false))));
	}

	@Test
	void aKeyWithoutAValueSaysNothingUnlessItIsAText() {
		environment.setProperty("calls.defaults.policy", "random");
		environment.setProperty("calls.defaults.size", "4");
		environment.setProperty("calls.defaults.ejection.enabled", "false");
		environment.setProperty("calls.services.user.policy", "");
		environment.setProperty("calls.services.user.size", "");
		environment.setProperty("calls.services.user.ejection.enabled", "");
		assertThat(configuration.bind(Calls.class).get().services())
			.isEqualTo(Map.of("user", new Service("", 4, new Ejection(5, false))));
	}

	@Test
	void withoutEntriesTheDefaultsMakeNone() {
		environment.setProperty("calls.defaults.policy", "random");
		assertThat(configuration.bind(Calls.class).get())
			.isEqualTo(new Calls(new Service("random", 1, new Ejection(5, true)), Map.of()));
	}

	@Test
	void aRecordHasItsDefaultsWhereNothingIsConfigured() {
		assertThat(configuration.bind(Limits.class).get()).isEqualTo(new Limits(10, Duration.ofMillis(50)));
	}

	@Test
	void aReloadReplacesTheRecord() {
		Supplier<Limits> limits = configuration.bind(Limits.class);
		Limits before = limits.get();
		environment.setProperty("limits.max-lines", "11");
		environment.setProperty("limits.patience", "1050ms");
		configuration.reload();
		assertThat(limits.get()).isEqualTo(new Limits(11, Duration.ofMillis(1050)));
		assertThat(before).isEqualTo(new Limits(10, Duration.ofMillis(50)));
	}

	@Test
	void aFollowerHearsThePresentValueAndEachChangedOne() {
		List<Limits> heard = new ArrayList<>();
		configuration.follow(Limits.class, heard::add);
		configuration.reload();
		environment.setProperty("limits.max-lines", "11");
		configuration.reload();
		assertThat(heard).extracting(Limits::maxLines).containsExactly(10, 11);
	}

	@Test
	void aRecordThatAChangeDoesNotConcernStaysTheVerySame() {
		Supplier<Limits> limits = configuration.bind(Limits.class);
		Limits before = limits.get();
		environment.setProperty("limits.max-lines", "11");
		configuration.complete(configuration.prepare(environment, (live) -> live.obeys(Set.of("limit", "limits2.a"))));
		assertThat(limits.get()).isSameAs(before);
		configuration.complete(configuration.prepare(environment, (live) -> live.obeys(Set.of("limits.max-lines"))));
		assertThat(limits.get().maxLines()).isEqualTo(11);
	}

	@Test
	void aFollowerThatFailsKeepsNoOtherFromItsNews() {
		List<Limits> heard = new ArrayList<>();
		configuration.follow(Limits.class, (limits) -> {
			if (limits.maxLines() == 11) {
				throw new IllegalStateException("as expected");
			}
		});
		configuration.follow(Limits.class, heard::add);
		environment.setProperty("limits.max-lines", "11");
		configuration.reload();
		assertThat(heard).extracting(Limits::maxLines).containsExactly(10, 11);
	}

	@Test
	void aValueThatBreaksARuleLeavesAllRecordsAsTheyWere() {
		Supplier<Limits> limits = configuration.bind(Limits.class);
		Supplier<Greeting> greeting = configuration.bind(Greeting.class);
		environment.setProperty("greeting.text", "changed");
		environment.setProperty("limits.max-lines", "0");
		assertThatExceptionOfType(BindException.class).isThrownBy(configuration::reload)
			.havingRootCause()
			.withMessageContaining("max-lines");
		assertThat(limits.get().maxLines()).isEqualTo(10);
		assertThat(greeting.get().text()).isEqualTo("hello");
	}

	@Test
	void aValueThatFailsItsCheckLeavesAllRecordsAsTheyWere() {
		List<Limits> heard = new ArrayList<>();
		Supplier<Greeting> greeting = configuration.bind(Greeting.class);
		configuration.follow(Limits.class, (limits) -> {
			if (limits.maxLines() == 11) {
				throw new IllegalArgumentException("as expected");
			}
		}, heard::add);
		environment.setProperty("greeting.text", "changed");
		environment.setProperty("limits.max-lines", "11");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(configuration::reload);
		assertThat(heard).extracting(Limits::maxLines).containsExactly(10);
		assertThat(greeting.get().text()).isEqualTo("hello");
	}

	@Test
	void aValueOfTheWrongTypeLeavesTheRecordAsItWas() {
		Supplier<Limits> limits = configuration.bind(Limits.class);
		environment.setProperty("limits.max-lines", "many");
		assertThatExceptionOfType(BindException.class).isThrownBy(configuration::reload)
			.withMessageContaining("limits.max-lines");
		assertThat(limits.get().maxLines()).isEqualTo(10);
	}

	@Test
	void afterARefusalAGoodRevisionCountsAgain() {
		Supplier<Limits> limits = configuration.bind(Limits.class);
		environment.setProperty("limits.max-lines", "many");
		assertThatExceptionOfType(BindException.class).isThrownBy(configuration::reload);
		environment.setProperty("limits.max-lines", "0");
		assertThatExceptionOfType(BindException.class).isThrownBy(configuration::reload);
		environment.setProperty("limits.max-lines", "12");
		configuration.reload();
		assertThat(limits.get().maxLines()).isEqualTo(12);
	}

	@Test
	void anApplicationDoesNotStartOnABadConfiguration() {
		environment.setProperty("limits.max-lines", "101");
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> configuration.bind(Limits.class));
	}

	@Test
	void twoSuppliersOfTheSameRecordDoNotDisturbEachOther() {
		Supplier<Limits> one = configuration.bind(Limits.class);
		Supplier<Limits> two = configuration.bind(Limits.class);
		environment.setProperty("limits.max-lines", "13");
		configuration.reload();
		assertThat(one.get().maxLines()).isEqualTo(13);
		assertThat(two.get().maxLines()).isEqualTo(13);
	}

	@Test
	void aReaderNeverSeesAMixOfTwoRevisions() {
		environment.setProperty("pair.left", "0");
		environment.setProperty("pair.right", "0");
		Supplier<Pair> pair = configuration.bind(Pair.class);
		AtomicInteger reloads = new AtomicInteger();
		List<CompletableFuture<Readings>> readers = Stream
			.generate(() -> CompletableFuture.supplyAsync(() -> read(pair, reloads)))
			.limit(READERS)
			.toList();
		// Reading and reloading go on until there is enough of both.
		while (reloads.get() < RELOADS || !readers.stream().allMatch(CompletableFuture::isDone)) {
			int revision = reloads.get() + 1;
			environment.setProperty("pair.left", "" + revision);
			environment.setProperty("pair.right", "" + revision);
			configuration.reload();
			reloads.set(revision);
		}
		assertThat(readers).map(CompletableFuture::join).allSatisfy((readings) -> {
			assertThat(readings.mixed).isEmpty();
			assertThat(readings.count).isGreaterThanOrEqualTo(READS / READERS);
			assertThat(readings.revisions).isGreaterThanOrEqualTo(REVISIONS_SEEN);
		});
		assertThat(pair.get()).isEqualTo(new Pair(reloads.get(), reloads.get()));
	}

	private static Readings read(Supplier<Pair> pair, AtomicInteger reloads) {
		Set<Pair> mixed = new HashSet<>();
		int count = 0;
		int revisions = 0;
		Pair last = pair.get();
		while (reloads.get() < RELOADS || count < READS / READERS
				|| (revisions < REVISIONS_SEEN && reloads.get() < MOST_RELOADS)) {
			Pair read = pair.get();
			if (read.left != read.right || read.left < last.left) {
				mixed.add(read);
			}
			revisions += (read.left != last.left) ? 1 : 0;
			last = read;
			count++;
		}
		return new Readings(count, revisions, mixed);
	}

	@ConfigurationProperties("limits")
	record Limits(@DefaultValue("10") @Min(1) @Max(100) int maxLines, @DefaultValue("50ms") Duration patience) {
	}

	@ConfigurationProperties("greeting")
	record Greeting(@DefaultValue("hello") String text) {
	}

	@ConfigurationProperties("pair")
	record Pair(int left, int right) {
	}

	/**
	 * What a reader has seen.
	 *
	 * @param count number of its reads
	 * @param revisions how many different ones it saw
	 * @param mixed what was no revision, or an older one than before
	 */
	private record Readings(int count, int revisions, Set<Pair> mixed) {
	}

	@ConfigurationProperties("calls")
	record Calls(@DefaultValue Service defaults,
			@DefaultsFrom("defaults") @DefaultValue Map<String, Service> services) {
	}

	record Service(@DefaultValue("first") String policy, @DefaultValue("1") int size, @DefaultValue Ejection ejection) {
	}

	record Ejection(@DefaultValue("5") int after, @DefaultValue("true") boolean enabled) {
	}

}
