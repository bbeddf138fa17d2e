package com.example.platform.grpc.autoconfigure;

import java.util.Map;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.grpc.resolver.ServiceConfigs;
import io.grpc.ManagedChannel;
import io.grpc.stub.AbstractStub;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.GrpcChannelFactory;

/**
 * Auto-configuration for gRPC channels that find their service through the
 * {@link ServiceDirectory}.
 */
@AutoConfiguration(afterName = "com.example.platform.discovery.autoconfigure.DiscoveryAutoConfiguration")
@ConditionalOnClass(ServiceDirectory.class)
@ConditionalOnBean(ServiceDirectory.class)
public final class GrpcDiscoveryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	DiscoveryNameResolverProvider discoveryNameResolverProvider(ServiceDirectory directory,
			ObjectProvider<ServiceConfigs> serviceConfigs) {
		return new DiscoveryNameResolverProvider(directory,
				ServiceConfigs.union(serviceConfigs.orderedStream().toList()));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GrpcChannelFactory.class)
	static class ChannelConfiguration {

		// A channel looks its scheme up when it is built, and stubs are built while other
		// beans are still made.
		@Bean
		static ChannelFactoriesKnowTheScheme channelFactoriesKnowTheScheme() {
			return new ChannelFactoriesKnowTheScheme();
		}

		// Channels that no stub is made of at the start are watched from there on, too.
		@Bean
		SmartInitializingSingleton channelsAreWatched(ServiceDirectory directory, Environment environment) {
			return () -> Binder.get(environment)
				.bind("spring.grpc.client.channel", Bindable.mapOf(String.class, Channel.class))
				.orElseGet(Map::of)
				.values()
				.stream()
				.flatMap((channel) -> DiscoveryNameResolverProvider.service(channel.target()).stream())
				.forEach((service) -> {
					var unused = directory.instances(service);
				});
		}

	}

	// A channel connects at the first call otherwise, which then waits for the registry
	// and for the connection.
	@Bean
	SmartInitializingSingleton stubsConnectAtStart(ObjectProvider<AbstractStub<?>> stubs) {
		return () -> stubs.forEach((stub) -> {
			if (stub.getChannel() instanceof ManagedChannel channel) {
				channel.getState(true);
			}
		});
	}

	record Channel(@Nullable String target) {
	}

	static final class ChannelFactoriesKnowTheScheme extends AbstractDependsOnBeanFactoryPostProcessor {

		ChannelFactoriesKnowTheScheme() {
			super(GrpcChannelFactory.class, DiscoveryNameResolverProvider.class);
		}

	}

}
