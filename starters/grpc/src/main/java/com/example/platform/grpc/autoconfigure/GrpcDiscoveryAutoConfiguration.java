package com.example.platform.grpc.autoconfigure;

import java.util.Locale;
import java.util.Map;

import com.example.platform.defaults.ClientCallOrder;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.client.ClientServiceConfigs;
import com.example.platform.grpc.client.FirstCalls;
import com.example.platform.grpc.client.HedgingInterceptor;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.grpc.resolver.ServiceConfigs;
import io.grpc.ManagedChannel;
import io.grpc.stub.AbstractStub;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration for gRPC channels that find their service through the
 * {@link ServiceDirectory}.
 */
@AutoConfiguration(after = PlatformGrpcAutoConfiguration.class,
		afterName = "com.example.platform.discovery.autoconfigure.DiscoveryAutoConfiguration")
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

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalClientInterceptor.class)
	@ConditionalOnBean(ClientServiceConfigs.class)
	static class HedgingConfiguration {

		@Bean
		@Order(ClientCallOrder.HEDGING)
		@GlobalClientInterceptor
		@ConditionalOnMissingBean
		HedgingInterceptor hedgingInterceptor(ClientServiceConfigs configs, DiscoveryNameResolverProvider resolver) {
			// So that a trace shows whose attempt it is.
			boolean traced = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
					getClass().getClassLoader());
			return new HedgingInterceptor(configs, resolver::isService,
					traced ? new ContextPropagatingTaskDecorator()::decorate : (task) -> task);
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(MeterBinder.class)
		static class MetricsConfiguration {

			@Bean
			MeterBinder hedgingMetrics(HedgingInterceptor hedging) {
				return (meters) -> hedging.listen((service, outcome) -> Counter.builder("platform.grpc.client.hedges")
					.description("Calls that took long, by whether a second attempt was made")
					.tags("target", service, "outcome", outcome.name().toLowerCase(Locale.ROOT))
					.register(meters)
					.increment());
			}

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

	@Bean
	ApplicationRunner stubsCallAtStart(ObjectProvider<AbstractStub<?>> stubs) {
		return (arguments) -> FirstCalls.make(stubs.stream().map(AbstractStub::getChannel));
	}

	record Channel(@Nullable String target) {
	}

	static final class ChannelFactoriesKnowTheScheme extends AbstractDependsOnBeanFactoryPostProcessor {

		ChannelFactoriesKnowTheScheme() {
			super(GrpcChannelFactory.class, DiscoveryNameResolverProvider.class);
		}

	}

}
