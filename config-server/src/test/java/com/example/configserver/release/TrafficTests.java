package com.example.configserver.release;

import java.util.Map;

import org.junit.jupiter.api.Test;

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
		Traffic traffic = new Traffic(100, 0, Map.of(0.01, 90.0, 0.1, 99.0));
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
