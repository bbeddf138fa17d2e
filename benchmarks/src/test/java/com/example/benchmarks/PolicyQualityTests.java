package com.example.benchmarks;

import java.util.List;

import com.example.benchmarks.PolicyQuality.Row;
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
		rows = PolicyQuality.measure();
		System.out.println(PolicyQuality.table(rows));
	}

	@Test
	void consistentHashSpreadsKeysEvenlyAndMovesOnlyThoseOfTheNodeThatLeaves() {
		Row row = row(PolicyName.CONSISTENT_HASH);
		assertThat(row.of10().maxToMean()).isLessThanOrEqualTo(1.01);
		assertThat(row.of10().movedTimesNodes()).isLessThanOrEqualTo(1.03);
	}

	@Test
	void responseTimeKeepsCallsAwayFromASlowInstance() {
		Row row = row(PolicyName.RESPONSE_TIME);
		assertThat(row.withinSecond()).isGreaterThanOrEqualTo(0.999);
		assertThat(row.tailRatio()).isLessThanOrEqualTo(1.2);
	}

	@ParameterizedTest
	@EnumSource(names = { "LEAST_REQUEST", "RESPONSE_TIME" })
	void anInstanceThatFailsFastDrawsHardlyAnyCalls(PolicyName name) {
		assertThat(row(name).failingShare()).isLessThanOrEqualTo(0.001);
	}

	@Test
	void weightedRoundRobinGivesEachNodeExactlyItsShare() {
		assertThat(row(PolicyName.WEIGHTED_ROUND_ROBIN).weightError()).isZero();
	}

	@Test
	void roundRobinTakesNoNodeMoreThanOnceMoreThanAnother() {
		assertThat(row(PolicyName.ROUND_ROBIN).unevenness()).isLessThanOrEqualTo(1);
	}

	private static Row row(PolicyName name) {
		return rows.stream().filter((row) -> row.name().equals(Contender.label(name))).findFirst().orElseThrow();
	}

}
