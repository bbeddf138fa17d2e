package com.example.benchmarks.balancing;

import java.util.List;
import java.util.Objects;

import com.example.benchmarks.balancing.PolicyQuality.Affinity;
import com.example.benchmarks.balancing.PolicyQuality.Behaviour;
import com.example.benchmarks.balancing.PolicyQuality.Row;
import com.example.platform.loadbalancing.policy.PolicyName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class PolicyQualityTests {

	@SuppressWarnings("NullAway.Init") // set before all tests
	private static List<Row> rows;

	@BeforeAll
	static void measure() {
		rows = PolicyQuality.measureOwn(3);
		System.out.println(PolicyQuality.table(rows));
	}

	@Test
	void consistentHashSpreadsKeysEvenly() {
		assertThat(row(PolicyName.CONSISTENT_HASH).affinities().get(0).maxToMean()).isLessThanOrEqualTo(1.01);
	}

	@Test
	void consistentHashMovesOnlyTheKeysOfTheInstanceThatLeaves() {
		assertThat(row(PolicyName.CONSISTENT_HASH).affinities()).extracting(Affinity::moved)
			.allMatch((moved) -> moved <= 1.03);
	}

	@Test
	void responseTimeKeepsCallsAwayFromASlowInstance() {
		Behaviour behaviour = behaviour(PolicyName.RESPONSE_TIME);
		assertThat(behaviour.withinSecond().worst()).isGreaterThanOrEqualTo(99.9);
		assertThat(behaviour.tailRatio().worst()).isLessThanOrEqualTo(1.2);
	}

	@ParameterizedTest
	@EnumSource(names = { "LEAST_REQUEST", "RESPONSE_TIME" })
	void anInstanceThatFailsFastDrawsHardlyAnyCalls(PolicyName name) {
		assertThat(behaviour(name).failing().worst()).isLessThanOrEqualTo(0.1);
	}

	@ParameterizedTest
	@EnumSource
	void anInstanceThatFailsFastIsTakenOutWhateverThePolicy(PolicyName name) {
		assertThat(Objects.requireNonNull(behaviour(name).failingEjected()).worst()).isLessThanOrEqualTo(0.1);
	}

	@Test
	void weightedRoundRobinGivesEachInstanceExactlyItsShare() {
		assertThat(behaviour(PolicyName.WEIGHTED_ROUND_ROBIN).weightError()).isZero();
	}

	@Test
	void roundRobinTakesNoInstanceMoreThanOnceMoreThanAnother() {
		assertThat(behaviour(PolicyName.ROUND_ROBIN).unevenness()).isLessThanOrEqualTo(1);
	}

	private static Row row(PolicyName name) {
		return rows.stream().filter((row) -> row.name().equals(Contender.label(name))).findFirst().orElseThrow();
	}

	private static Behaviour behaviour(PolicyName name) {
		return Objects.requireNonNull(row(name).behaviour());
	}

}
