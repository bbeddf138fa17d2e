package com.example.platform.grpc.autoconfigure;

import java.util.List;

import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceView;
import com.example.platform.discovery.autoconfigure.DiscoveryAutoConfiguration;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.AbstractStub;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.grpc.client.ClientInterceptorsConfigurer;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.client.NettyGrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;

class GrpcDiscoveryAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(ConsulAutoConfiguration.class,
			ConsulClientAutoConfiguration.class, DiscoveryAutoConfiguration.class,
			GrpcDiscoveryAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS);

	@Test
	void channelsResolveWhereThereIsDiscovery() {
		runner.run((context) -> assertThat(context).hasSingleBean(DiscoveryNameResolverProvider.class));
		runner.withPropertyValues("platform.discovery.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DiscoveryNameResolverProvider.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(GrpcDiscoveryAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("com.example.platform.discovery"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("discoveryNameResolverProvider"));
	}

	@Test
	void aStubThatIsBuiltBeforeAllElseKnowsTheScheme() {
		new ApplicationContextRunner().withUserConfiguration(EarlyStub.class)
			.withConfiguration(AUTO_CONFIGURATIONS)
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
