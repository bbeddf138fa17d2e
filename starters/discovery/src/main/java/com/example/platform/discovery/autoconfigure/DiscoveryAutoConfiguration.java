package com.example.platform.discovery.autoconfigure;

import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.grpc.DiscoveryNameResolverProvider;
import com.example.platform.discovery.grpc.DiscoveryNameResolverRegistration;
import com.example.platform.discovery.registration.InstanceRegistration;
import com.example.platform.discovery.registration.Registrations;
import com.example.platform.discovery.springcloud.DirectoryLoadBalancerConfiguration;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverProvider;
import io.grpc.stub.AbstractStub;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.consul.serviceregistry.ConsulRegistrationCustomizer;
import org.springframework.cloud.consul.serviceregistry.ConsulServiceRegistryAutoConfiguration;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Auto-configuration for registration and discovery through Consul.
 */
@AutoConfiguration(after = { ConsulClientAutoConfiguration.class, ConsulServiceRegistryAutoConfiguration.class,
		ProjectInfoAutoConfiguration.class })
@ConditionalOnBean(Consul.class)
@ConditionalOnProperty(name = "platform.discovery.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DiscoveryProperties.class)
@LoadBalancerClients(defaultConfiguration = DirectoryLoadBalancerConfiguration.class)
public final class DiscoveryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ServiceDirectory serviceDirectory(Consul consul, DiscoveryProperties properties) {
		return new ServiceDirectory(consul, properties.outageGrace());
	}

	@Bean
	GrpcPort grpcPort() {
		return new GrpcPort();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication
	@ConditionalOnBean(ConsulDiscoveryProperties.class)
	@ConditionalOnProperty(name = "spring.cloud.consul.discovery.register", matchIfMissing = true)
	static class RegistrationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		InstanceRegistration instanceRegistration(Consul consul, ConsulDiscoveryProperties discovery,
				ApplicationContext context, DiscoveryProperties properties, GrpcPort grpcPort,
				ObjectProvider<ConsulRegistrationCustomizer> customizers, ObjectProvider<BuildProperties> build,
				ObjectProvider<GitProperties> git) {
			Registrations registrations = new Registrations(discovery, context, customizers.orderedStream().toList(),
					grpcPort.value, build.getIfAvailable(), git.getIfAvailable());
			return new InstanceRegistration(consul, registrations, context, properties.drainDelay());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GrpcServerStartedEvent.class)
	static class GrpcPortConfiguration {

		@Bean
		ApplicationListener<GrpcServerStartedEvent> grpcPortListener(GrpcPort grpcPort) {
			return (event) -> grpcPort.value.set(event.getPort());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NameResolverProvider.class)
	static class NameResolverConfiguration {

		@Bean
		@ConditionalOnMissingBean
		DiscoveryNameResolverRegistration discoveryNameResolverRegistration(ServiceDirectory directory) {
			return new DiscoveryNameResolverRegistration(new DiscoveryNameResolverProvider(directory));
		}

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

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(AbstractStub.class)
	static class StubConfiguration {

		// A channel connects at the first call otherwise, which then waits for the
		// registry and for the connection.
		@Bean
		SmartInitializingSingleton stubsConnectAtStart(ObjectProvider<AbstractStub<?>> stubs) {
			return () -> stubs.forEach((stub) -> {
				if (stub.getChannel() instanceof ManagedChannel channel) {
					channel.getState(true);
				}
			});
		}

	}

	static final class ChannelFactoriesKnowTheScheme extends AbstractDependsOnBeanFactoryPostProcessor {

		ChannelFactoriesKnowTheScheme() {
			super(GrpcChannelFactory.class, DiscoveryNameResolverRegistration.class);
		}

	}

	// The gRPC server starts after the beans are made, so the port is passed on in a
	// holder.
	static final class GrpcPort {

		private final AtomicInteger value = new AtomicInteger();

	}

}
