package com.example.platform.discovery.autoconfigure;

import java.time.Duration;

import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.registration.InstanceRegistration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class DiscoveryAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, ConsulAutoConfiguration.class,
				ConsulClientAutoConfiguration.class, ConsulServiceRegistryAutoConfiguration.class,
				DiscoveryAutoConfiguration.class));

	@Test
	void aServiceRegistersAndResolves() {
		runner.run((context) -> assertThat(context).hasSingleBean(InstanceRegistration.class)
			.hasSingleBean(ServiceDirectory.class));
	}

	@Test
	void nothingIsThereWhenDiscoveryIsDisabled() {
		runner.withPropertyValues("platform.discovery.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(InstanceRegistration.class)
				.doesNotHaveBean(ServiceDirectory.class));
	}

	@Test
	void nothingIsThereWithoutConsul() {
		runner.withPropertyValues("spring.cloud.consul.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Consul.class)
				.doesNotHaveBean(InstanceRegistration.class)
				.doesNotHaveBean(ServiceDirectory.class));
	}

	@Test
	void anInstanceMayResolveWithoutRegistering() {
		runner.withPropertyValues("spring.cloud.consul.discovery.register=false")
			.run((context) -> assertThat(context).doesNotHaveBean(InstanceRegistration.class)
				.hasSingleBean(ServiceDirectory.class));
	}

	@Test
	void anApplicationWithoutGrpcRegistersToo() {
		runner.withClassLoader(new FilteredClassLoader("io.grpc", "org.springframework.grpc"))
			.run((context) -> assertThat(context).hasSingleBean(InstanceRegistration.class)
				.doesNotHaveBean("grpcServerListener"));
	}

	@Test
	void anApplicationWithoutMetersOrHealthRegistersToo() {
		runner.withClassLoader(new FilteredClassLoader("io.micrometer", "org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasSingleBean(InstanceRegistration.class)
				.doesNotHaveBean("instanceMetrics"));
	}

	@Test
	void callersGetHalfASecondToNoticeUnlessToldOtherwise() {
		runner
			.run((context) -> assertThat(context.getBean(DiscoveryProperties.class)).isEqualTo(new DiscoveryProperties(
					true, Duration.ofSeconds(10), Duration.ofMillis(500), 1, null, Duration.ofHours(1))));
		runner.withPropertyValues("platform.discovery.drain-delay=1050ms", "platform.discovery.outage-grace=50ms")
			.run((context) -> assertThat(context.getBean(DiscoveryProperties.class)).isEqualTo(new DiscoveryProperties(
					true, Duration.ofMillis(50), Duration.ofMillis(1050), 1, null, Duration.ofHours(1))));
	}

}
