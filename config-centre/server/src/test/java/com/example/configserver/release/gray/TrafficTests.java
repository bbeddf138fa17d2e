package com.example.configserver.release.gray;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TrafficTests {

	private static final String PAGE = """
			# HELP http_server_requests_seconds
			# TYPE http_server_requests_seconds histogram
			http_server_requests_seconds_bucket{method="GET",outcome="SUCCESS",status="200",uri="/api/{id}",le="0.01"} 90
			http_server_requests_seconds_bucket{method="GET",outcome="SUCCESS",status="200",uri="/api/{id}",le="0.1"} 98
			http_server_requests_seconds_bucket{method="GET",outcome="SUCCESS",status="200",uri="/api/{id}",le="+Inf"} 98
			http_server_requests_seconds_count{method="GET",outcome="SUCCESS",status="200",uri="/api/{id}"} 98
			http_server_requests_seconds_sum{method="GET",outcome="SUCCESS",status="200",uri="/api/{id}"} 1.5
			http_server_requests_seconds_bucket{method="GET",outcome="SERVER_ERROR",status="503",uri="/api/{id}",le="0.01"} 0
			http_server_requests_seconds_bucket{method="GET",outcome="SERVER_ERROR",status="503",uri="/api/{id}",le="0.1"} 1
			http_server_requests_seconds_count{method="GET",outcome="SERVER_ERROR",status="503",uri="/api/{id}"} 2 # {trace_id="ab"} 1.0
			http_server_requests_seconds_count{method="GET",outcome="CLIENT_ERROR",status="404",uri="/api/{id}"} 3
			http_server_requests_seconds_count{method="GET",outcome="SUCCESS",status="200",uri="/actuator/health"} 1000
			grpc_server_seconds_count{grpc_status_code="OK",rpc_service="user.v1.UserService"} 10
			grpc_server_seconds_count{grpc_status_code="UNAVAILABLE",rpc_service="user.v1.UserService"} 4
			grpc_server_seconds_count{grpc_status_code="NOT_FOUND",rpc_service="user.v1.UserService"} 1
			grpc_server_seconds_count{grpc_status_code="UNKNOWN",rpc_service="grpc.health.v1.Health"} 50
			other_seconds_count{outcome="SERVER_ERROR"} 7
			""";

	@Test
	void whatClientsGotCountsAndWhatTheActuatorGaveDoesNot() {
		Traffic traffic = Traffic.parse(PAGE);
		assertThat(traffic.requests()).isEqualTo(98 + 2 + 3 + 15);
		assertThat(traffic.errors()).isEqualTo(2 + 4);
		assertThat(traffic.buckets()).containsEntry(0.01, 90.0).containsEntry(0.1, 99.0).hasSize(2);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '|',
			value = { "|error=\"none\",fault=\"instance\",outcome=\"SERVER_ERROR\",status=\"503\"|, 1",
					"|error=\"none\",fault=\"dependency\",outcome=\"SERVER_ERROR\",status=\"503\"|, 0",
					"|error=\"none\",fault=\"caller\",outcome=\"SERVER_ERROR\",status=\"501\"|, 0",
					"|method=\"GET\",outcome=\"SERVER_ERROR\",status=\"500\"|, 1",
					"|outcome=\"SERVER_ERROR\",status=\"501\"|, 0", "|outcome=\"SERVER_ERROR\",status=\"504\"|, 0",
					"|outcome=\"CLIENT_ERROR\",status=\"406\"|, 0", "|outcome=\"UNKNOWN\",status=\"UNKNOWN\"|, 0",
					"|status=\"200\",uri=\"/default=\\\"500\\\"\"|, 0" })
	void anErrorIsWhatTheInstanceIsToBlameFor(String labels, double errors) {
		Traffic traffic = Traffic.parse("http_server_requests_seconds_count{" + labels + "} 1\n");
		assertThat(traffic.requests()).isEqualTo(1);
		assertThat(traffic.errors()).isEqualTo(errors);
	}

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE, instance, 1", "UNAVAILABLE, dependency, 0", "RESOURCE_EXHAUSTED, caller, 0",
			"UNIMPLEMENTED, caller, 0", "DEADLINE_EXCEEDED, dependency, 0", "INTERNAL, instance, 1" })
	void theSameGoesForGrpc(String code, String fault, double errors) {
		String series = "grpc_server_seconds_count{error=\"none\",%sgrpc_status_code=\"" + code + "\"} 1\n";
		assertThat(Traffic.parse(series.formatted("fault=\"" + fault + "\",")).errors()).isEqualTo(errors);
		// A 503 that does not say that it is another's fault counts.
		assertThat(Traffic.parse(series.formatted("")).errors()).isEqualTo(code.equals("UNAVAILABLE") ? 1 : errors);
	}

	@Test
	void twoReadingsMakeTheTrafficBetweenThem() {
		Traffic earlier = Traffic.parse(PAGE);
		Traffic later = Traffic.parse(PAGE.replace("} 98\n", "} 198\n").replace("} 90\n", "} 190\n"));
		Traffic between = later.since(earlier);
		assertThat(between.requests()).isEqualTo(100);
		assertThat(between.errorRate()).isZero();
		assertThat(between.p99Millis()).isEqualTo(10, within(1e-9));
	}

	@Test
	void anInstanceThatWasStartedAgainCountsFromZero() {
		Traffic before = Traffic.parse(PAGE);
		Traffic after = Traffic.parse("http_server_requests_seconds_count{outcome=\"SERVER_ERROR\"} 5\n");
		assertThat(after.since(before)).isEqualTo(after);
	}

	@Test
	void whatIsInABucketThatEndsLaterTookLonger() {
		Traffic traffic = new Traffic(100, 0, 0, Map.of(0.01, 90.0, 0.1, 99.0));
		assertThat(traffic.slowerThan(5)).isEqualTo(100);
		assertThat(traffic.slowerThan(10)).isEqualTo(10);
		assertThat(traffic.slowerThan(99)).isEqualTo(10);
		assertThat(traffic.slowerThan(500)).isEqualTo(1);
		assertThat(Traffic.NONE.slowerThan(1)).isZero();
	}

	@Test
	void nothingIsKnownOfTimesBeyondTheLastBucket() {
		assertThat(Traffic.parse(PAGE).p99Millis()).isNull();
		assertThat(Traffic.parse("").p99Millis()).isNull();
		assertThat(Traffic.parse("").errorRate()).isZero();
	}

}
