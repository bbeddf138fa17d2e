package com.example.benchmarks.edge;

import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WrkTests {

	private static final String OUTPUT = """
			Running 1s test @ http://127.0.0.1:15000/api/users/greeting
			  1 threads and 32 connections
			  Thread Stats   Avg      Stdev     Max   +/- Stdev
			    Latency   601.27us  283.41us   7.10ms   93.27%%
			    Req/Sec    53.51k     3.69k   59.27k    70.00%%
			  Latency Distribution
			     50%%  556.00us
			     90%%  745.00us
			     99%%    %s
			  53297 requests in 1.00s, 9.30MB read
			%sRequests/sec:  53244.47
			Transfer/sec:      9.29MB
			""";

	@ParameterizedTest
	@CsvSource({ "1.68ms, 1.68", "968.00us, 0.968", "'1.20s ', 1200", "'1.05m ', 63000" })
	void theRateAndTheTailAreRead(String p99, double millis) {
		assertThat(Wrk.read(OUTPUT.formatted(p99, ""))).containsExactly(53244.47, millis);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "  Non-2xx or 3xx responses: 1\n", "  Socket errors: connect 0, read 0, write 0, timeout 3\n" })
	void aRequestThatFailedFailsTheRun(String failures) {
		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> Wrk.read(OUTPUT.formatted("1.68ms", failures)))
			.withMessageContaining(failures.strip());
	}

	@Test
	void withoutFiguresThereIsNoResult() {
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> Wrk.read("unable to connect"));
	}

}
