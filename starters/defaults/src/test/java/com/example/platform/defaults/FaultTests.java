package com.example.platform.defaults;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FaultTests {

	@ParameterizedTest
	@ValueSource(ints = { 101, 200, 204, 304 })
	void whatIsServedIsNobodysFault(int status) {
		assertThat(Fault.ofHttp(status, true)).isEqualTo(Fault.NONE);
		assertThat(Fault.ofHttp(status, false)).isEqualTo(Fault.NONE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 404, 405, 406, 408, 409, 411, 413, 414, 415, 417, 421, 425, 426, 429, 431, 499, 501,
			505, 506, 508, 510 })
	void whatAnyInstanceWouldRefuseIsTheCallersFault(int status) {
		assertThat(Fault.ofHttp(status, false)).isEqualTo(Fault.CALLER);
	}

	@ParameterizedTest
	@ValueSource(ints = { 502, 504, 511 })
	void whatAThirdPartyDidIsItsFault(int status) {
		assertThat(Fault.ofHttp(status, false)).isEqualTo(Fault.DEPENDENCY);
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 503, 507, 520, 599 })
	void everyOtherServerErrorIsTheInstances(int status) {
		assertThat(Fault.ofHttp(status, false)).isEqualTo(Fault.INSTANCE);
	}

	@Test
	void whoSaysWhenToComeAgainWaitsForSomebodyElse() {
		assertThat(Fault.ofHttp(503, true)).isEqualTo(Fault.DEPENDENCY);
		assertThat(Fault.ofHttp(500, true)).isEqualTo(Fault.INSTANCE);
		assertThat(Fault.ofGrpc("UNAVAILABLE", true)).isEqualTo(Fault.DEPENDENCY);
		assertThat(Fault.ofGrpc("INTERNAL", true)).isEqualTo(Fault.INSTANCE);
	}

	@ParameterizedTest
	@CsvSource({ "OK, NONE", "CANCELLED, CALLER", "UNKNOWN, INSTANCE", "INVALID_ARGUMENT, CALLER",
			"DEADLINE_EXCEEDED, DEPENDENCY", "NOT_FOUND, CALLER", "ALREADY_EXISTS, CALLER", "PERMISSION_DENIED, CALLER",
			"RESOURCE_EXHAUSTED, CALLER", "FAILED_PRECONDITION, CALLER", "ABORTED, CALLER", "OUT_OF_RANGE, CALLER",
			"UNIMPLEMENTED, CALLER", "INTERNAL, INSTANCE", "UNAVAILABLE, INSTANCE", "DATA_LOSS, INSTANCE",
			"UNAUTHENTICATED, CALLER" })
	void grpcIsReadTheSameWay(String code, Fault fault) {
		assertThat(Fault.ofGrpc(code, false)).isEqualTo(fault);
	}

}
