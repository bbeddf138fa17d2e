package com.example.platform.configrefresh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LiveConfigurationTests {

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
	void aRecordHasItsDefaultsWhereNothingIsConfigured() {
		assertThat(configuration.bind("limits", Limits.class).get()).isEqualTo(new Limits(10, Duration.ofMillis(50)));
	}

	@Test
	void aReloadReplacesTheRecord() {
		Supplier<Limits> limits = configuration.bind("limits", Limits.class);
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
		configuration.follow("limits", Limits.class, heard::add);
		configuration.reload();
		environment.setProperty("limits.max-lines", "11");
		configuration.reload();
		assertThat(heard).extracting(Limits::maxLines).containsExactly(10, 11);
	}

	@Test
	void aFollowerThatFailsKeepsNoOtherFromItsNews() {
		List<Limits> heard = new ArrayList<>();
		configuration.follow("limits", Limits.class, (limits) -> {
			if (limits.maxLines() == 11) {
				throw new IllegalStateException("as expected");
			}
		});
		configuration.follow("limits", Limits.class, heard::add);
		environment.setProperty("limits.max-lines", "11");
		configuration.reload();
		assertThat(heard).extracting(Limits::maxLines).containsExactly(10, 11);
	}

	@Test
	void aValueThatBreaksARuleLeavesAllRecordsAsTheyWere() {
		Supplier<Limits> limits = configuration.bind("limits", Limits.class);
		Supplier<Greeting> greeting = configuration.bind("greeting", Greeting.class);
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
		Supplier<Greeting> greeting = configuration.bind("greeting", Greeting.class);
		configuration.follow("limits", Limits.class, (limits) -> {
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
		Supplier<Limits> limits = configuration.bind("limits", Limits.class);
		environment.setProperty("limits.max-lines", "many");
		assertThatExceptionOfType(BindException.class).isThrownBy(configuration::reload)
			.withMessageContaining("limits.max-lines");
		assertThat(limits.get().maxLines()).isEqualTo(10);
	}

	@Test
	void afterARefusalAGoodRevisionCountsAgain() {
		Supplier<Limits> limits = configuration.bind("limits", Limits.class);
		environment.setProperty("limits.max-lines", "many");
		assertThatExceptionOfType(BindException.class).isThrownBy(configuration::reload);
		environment.setProperty("limits.max-lines", "12");
		configuration.reload();
		assertThat(limits.get().maxLines()).isEqualTo(12);
	}

	@Test
	void anApplicationDoesNotStartOnABadConfiguration() {
		environment.setProperty("limits.max-lines", "101");
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> configuration.bind("limits", Limits.class));
	}

	@Test
	void twoSuppliersOfTheSameRecordDoNotDisturbEachOther() {
		Supplier<Limits> one = configuration.bind("limits", Limits.class);
		Supplier<Limits> two = configuration.bind("other", Limits.class);
		environment.setProperty("other.max-lines", "13");
		configuration.reload();
		assertThat(one.get().maxLines()).isEqualTo(10);
		assertThat(two.get().maxLines()).isEqualTo(13);
	}

	@Test
	void aReaderNeverSeesAMixOfTwoRevisions() {
		environment.setProperty("pair.left", "0");
		environment.setProperty("pair.right", "0");
		Supplier<Pair> pair = configuration.bind("pair", Pair.class);
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Set<Pair>> mixed = CompletableFuture.supplyAsync(() -> {
			Set<Pair> seen = new HashSet<>();
			while (!done.get()) {
				Pair read = pair.get();
				if (read.left() != read.right()) {
					seen.add(read);
				}
			}
			return seen;
		});
		for (int revision = 1; revision <= 1_000; revision++) {
			environment.setProperty("pair.left", "" + revision);
			environment.setProperty("pair.right", "" + revision);
			configuration.reload();
		}
		done.set(true);
		assertThat(mixed.join()).isEmpty();
		assertThat(pair.get()).isEqualTo(new Pair(1_000, 1_000));
	}

	record Limits(@DefaultValue("10") @Min(1) @Max(100) int maxLines, @DefaultValue("50ms") Duration patience) {
	}

	record Greeting(@DefaultValue("hello") String text) {
	}

	record Pair(int left, int right) {
	}

}
