package com.example.platform.discovery;

import java.util.Map;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServiceEndpointTests {

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "localhost", "user-service.default.svc.cluster.local", "Host-1", "a.b.",
			"::1", "[::1]", "fe80::1%eth0", "::ffff:10.0.0.1", "xn--bcher-kva.example" })
	void whatStandsInAUriIsAUsableHost(String host) {
		assertThat(ServiceEndpoint.isUsable(host)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "my_host", " 127.0.0.1", "127.0.0.1 ", "127.0.0.1:80", "127.0.0.1/path", "a?b",
			"a#b", "user@host", "http://host", "256.1.1.1", "1.2.3", "0.0.0.0", "::", "[::]", "0::", "::0:0",
			"::ffff:0.0.0.0", "[00::]", "-a", "a b", "a\nb", "%41", "bücher.example", "host,other", "${HOST}", "*" })
	void whatDoesNotStandInAUriIsNoUsableHost(String host) {
		assertThat(ServiceEndpoint.isUsable(host)).isFalse();
	}

	@Test
	void aPortThatIsNoPortIsNone() {
		assertThat(endpoint("9101").grpcPort()).isEqualTo(OptionalInt.of(9101));
		assertThat(endpoint("").grpcPort()).isEmpty();
		assertThat(endpoint("0").grpcPort()).isEmpty();
		assertThat(endpoint("70000").grpcPort()).isEmpty();
		assertThat(endpoint("http").grpcPort()).isEmpty();
		assertThat(endpoint("").httpPort()).isEqualTo(OptionalInt.of(8101));
	}

	private static ServiceEndpoint endpoint(String grpcPort) {
		return new ServiceEndpoint("user-service-1", "user-service", "127.0.0.1", 8101, Map.of("grpc_port", grpcPort),
				1);
	}

}
