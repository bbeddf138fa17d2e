package com.example.platform.discovery.autoconfigure;

import java.time.Duration;
import java.util.List;

import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceView;
import com.example.platform.discovery.grpc.DiscoveryNameResolverRegistration;
import com.example.platform.discovery.registration.InstanceRegistration;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolverProvider;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.AbstractStub;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.grpc.client.ClientInterceptorsConfigurer;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.client.NettyGrpcChannelFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

import static org.assertj.core.api.Assertions.assertThat;

class DiscoveryAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, ConsulAutoConfiguration.class,
				ConsulClientAutoConfiguration.class, ConsulServiceRegistryAutoConfiguration.class,
				DiscoveryAutoConfiguration.class));

	@Test
	void aServiceRegistersAndResolves() {
		runner.run((context) -> assertThat(context).hasSingleBean(InstanceRegistration.class)
			.hasSingleBean(ServiceDirectory.class)
			.hasSingleBean(DiscoveryNameResolverRegistration.class));
	}

	@Test
	void aStubThatIsBuiltBeforeAllElseKnowsTheScheme() {
		new WebApplicationContextRunner().withUserConfiguration(EarlyStub.class)
			.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, ConsulAutoConfiguration.class,
					ConsulClientAutoConfiguration.class, ConsulServiceRegistryAutoConfiguration.class,
					DiscoveryAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ManagedChannel.class));
	}

	@Test
	void aChannelConnectsAtTheStartAndDoesNotWaitForTheFirstCall() {
		ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", 1).usePlaintext().build();
		runner.withBean("stub", AbstractStub.class, () -> HealthGrpc.newBlockingStub(channel))
			.run((context) -> assertThat(channel.getState(false)).isNotEqualTo(ConnectivityState.IDLE));
		channel.shutdownNow();
	}

	@Test
	void whomAChannelNamesIsWatchedFromTheStart() {
		runner
			.withPropertyValues("spring.grpc.client.channel.users.target=discovery:///user-service",
					"spring.grpc.client.channel.others.target=static://localhost:1",
					"spring.grpc.client.channel.none.keepalive.time=1m")
			.run((context) -> assertThat(context.getBean(ServiceDirectory.class).views())
				.extracting(ServiceView::service)
				.containsExactly("user-service"));
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
		runner.withClassLoader(new FilteredClassLoader(NameResolverProvider.class, GrpcServerStartedEvent.class))
			.run((context) -> assertThat(context).hasSingleBean(InstanceRegistration.class)
				.doesNotHaveBean("discoveryNameResolverRegistration"));
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

	@Configuration(proxyBeanMethods = false)
	static class EarlyStub {

		@Bean(destroyMethod = "shutdownNow")
		ManagedChannel channel(GrpcChannelFactory channels) {
			return channels.createChannel("discovery:///user-service");
		}

		@Bean
		GrpcChannelFactory channelFactory() {
			return new NettyGrpcChannelFactory(List.of(),
					new ClientInterceptorsConfigurer(new StaticApplicationContext()));
		}

	}

}
