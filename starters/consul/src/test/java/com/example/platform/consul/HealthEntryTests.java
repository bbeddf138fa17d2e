package com.example.platform.consul;

import com.example.platform.consul.Check.Status;
import com.example.platform.consul.HealthEntry.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class HealthEntryTests {

	@Test
	void whatConsulLeavesOutIsEmpty() {
		HealthEntry entry = entry("""
				{"Node": null, "Service": {"ID": "a", "Port": null, "Meta": null, "New": {}}, "Checks": null}""");
		assertThat(entry.host()).isEmpty();
		assertThat(entry.service().port()).isZero();
		assertThat(entry.service().metadata()).isEmpty();
		assertThat(entry.service().weights()).isEqualTo(new Weights(1, 1));
		assertThat(entry.isPassing()).isTrue();
	}

	@Test
	void anInstanceWithoutAnAddressIsWhereItsNodeIs() {
		assertThat(entry("""
				{"Node": {"Address": "10.0.0.1"}, "Service": {"ID": "a", "Address": ""}}""").host())
			.isEqualTo("10.0.0.1");
		assertThat(entry("""
				{"Node": {"Address": "10.0.0.1"}, "Service": {"ID": "a", "Address": "10.0.0.2"}}""").host())
			.isEqualTo("10.0.0.2");
	}

	@Test
	void theFirstCriticalCheckDecidesAndOneThatWarnsWithoutIt() {
		assertThat(entry("""
				{"Service": {"ID": "a"}, "Checks": [
				 {"CheckID": "1", "Status": "passing"}, {"CheckID": "2", "Status": "warning"},
				 {"CheckID": "3", "Status": "critical"}, {"CheckID": "4", "Status": "critical"}]}""").worst())
			.map(Check::id)
			.hasValue("3");
		assertThat(entry("""
				{"Service": {"ID": "a"}, "Checks": [
				 {"CheckID": "1", "Status": "passing"}, {"CheckID": "2", "Status": "warning"}]}""").worst())
			.map(Check::status)
			.hasValue(Status.WARNING);
	}

	@Test
	void aStatusThatNobodyKnowsIsNothingAgainstAnInstance() {
		assertThat(entry("""
				{"Service": {"ID": "a"}, "Checks": [{"CheckID": "1", "Status": "new"}, {"CheckID": "2"}]}""")
			.isPassing()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "{}", "[null]", "[{}]", "[{\"Service\": {\"ID\": \"\"}}]", "[{\"Service\"" })
	void whatIsNoListOfInstancesIsRefused(String body) {
		assertThatException().isThrownBy(() -> Consul.read(body, HealthEntry[].class));
	}

	private static HealthEntry entry(String json) {
		return Consul.read("[" + json + "]", HealthEntry[].class).get(0);
	}

}
