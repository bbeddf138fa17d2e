package com.example.platform.discovery.springcloud;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.Test;

import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DirectoryInstanceListSupplierIntegrationTests {

	@Test
	void eachQuestionIsAnsweredWithWhatIsKnownAtThatMoment() {
		TestRegistry registry = new TestRegistry(TestServers.consul());
		try (Consul consul = new Consul(TestServers.consul().address(), null);
				ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1))) {
			DirectoryInstanceListSupplier supplier = new DirectoryInstanceListSupplier("supplied", directory);
			assertThat(supplier.get().blockFirst()).isEmpty();
			registry.register("supplied", "supplied-1", 8101, Map.of("zone", "a"));
			await().until(() -> !List.of().equals(supplier.get().blockFirst()));
			assertThat(supplier.get().blockFirst()).singleElement().satisfies((ServiceInstance instance) -> {
				assertThat(instance.getInstanceId()).isEqualTo("supplied-1");
				assertThat(instance.getServiceId()).isEqualTo("supplied");
				assertThat(instance.getUri()).hasToString("http://127.0.0.1:8101");
				assertThat(instance.getMetadata()).containsEntry("zone", "a");
			});
			registry.register("supplied", "supplied-2", 0, Map.of("grpc_port", "9102"));
			registry.register("supplied", "supplied-3", 70_000, Map.of("grpc_port", "9103"));
			await().until(() -> directory.instances("supplied").join().size() == 3);
			assertThat(supplier.get().blockFirst()).hasSize(1);
		}
	}

}
