package com.example.platform.discovery.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.InstanceSnapshots;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.actuator.ActuatorHealth;
import com.example.platform.discovery.micrometer.DirectoryMetrics;
import com.example.platform.discovery.micrometer.InstanceMetrics;
import com.example.platform.discovery.registration.DownComponents;
import com.example.platform.discovery.registration.InstanceRegistration;
import com.example.platform.discovery.registration.Registrations;
import com.example.platform.discovery.registration.Registrations.GrpcServer;
import com.example.platform.discovery.springcloud.DirectoryLoadBalancerConfiguration;
import com.example.platform.liveconfiguration.LiveConfiguration;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
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
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * Auto-configuration for registration and discovery through Consul.
 */
@AutoConfiguration(
		after = { ConsulClientAutoConfiguration.class, ConsulServiceRegistryAutoConfiguration.class,
				ProjectInfoAutoConfiguration.class },
		afterName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration")
@ConditionalOnBean(Consul.class)
@ConditionalOnProperty(name = "platform.discovery.enabled", matchIfMissing = true)
@EnableConfigurationProperties(DiscoveryProperties.class)
@LoadBalancerClients(defaultConfiguration = DirectoryLoadBalancerConfiguration.class)
public final class DiscoveryAutoConfiguration {

	private static final Log log = LogFactory.getLog(DiscoveryAutoConfiguration.class);

	// An agent that hangs is given up a second earlier.
	private static final Duration FIRST_ANSWERS = Duration.ofSeconds(5);

	private static final String HEALTH_SERVICE = "grpc.health.v1.Health";

	@Bean
	@ConditionalOnMissingBean
	ServiceDirectory serviceDirectory(Consul consul, DiscoveryProperties properties) {
		return new ServiceDirectory(consul, properties.outageGrace(), new InstanceSnapshots(properties.snapshots(),
				consul.agent(), properties.snapshotMaxAge(), Clock.systemUTC()));
	}

	// Readiness comes after the runners: the first call finds its instances, also when
	// Consul has gone by then.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ApplicationRunner whomThisInstanceCallsIsKnownBeforeItIsReady(ServiceDirectory directory) {
		return (arguments) -> {
			try {
				directory.known().get(FIRST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				log.warn("Consul has not answered yet whom this instance may call; it starts nevertheless");
			}
		};
	}

	@Bean
	GrpcServer grpcServer() {
		return new GrpcServer();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication
	@ConditionalOnBean(ConsulDiscoveryProperties.class)
	@ConditionalOnProperty(name = "spring.cloud.consul.discovery.register", matchIfMissing = true)
	static class RegistrationConfiguration {

		@Bean
		@ConditionalOnMissingBean
		InstanceRegistration instanceRegistration(Consul consul, ConsulDiscoveryProperties discovery,
				ApplicationContext context, DiscoveryProperties properties, GrpcServer grpcServer,
				ObjectProvider<DownComponents> downComponents, ObjectProvider<ConsulRegistrationCustomizer> customizers,
				ObjectProvider<BuildProperties> build, ObjectProvider<GitProperties> git) {
			Registrations registrations = new Registrations(discovery, context, customizers.orderedStream().toList(),
					grpcServer, build.getIfAvailable(), git.getIfAvailable());
			return new InstanceRegistration(consul, registrations, context,
					downComponents.getIfAvailable(() -> () -> List.of()), properties.drainDelay());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LiveConfiguration.class)
	static class LiveWeightConfiguration {

		@Bean
		SmartInitializingSingleton liveWeight(ObjectProvider<LiveConfiguration> live,
				ObjectProvider<InstanceRegistration> registration) {
			return () -> live.ifAvailable((configuration) -> registration
				.ifAvailable((mine) -> configuration.follow(DiscoveryProperties.class, (changed) -> mine.renew())));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthEndpoint.class)
	static class HealthConfiguration {

		@Bean
		@ConditionalOnBean(HealthEndpoint.class)
		@ConditionalOnMissingBean
		DownComponents downComponents(HealthEndpoint endpoint) {
			return new ActuatorHealth(endpoint);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		DirectoryMetrics directoryMetrics(ServiceDirectory directory) {
			return new DirectoryMetrics(directory);
		}

		@Bean
		MeterBinder instanceMetrics(ObjectProvider<InstanceRegistration> registration) {
			return (meters) -> registration.ifAvailable((mine) -> new InstanceMetrics(mine).bindTo(meters));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GrpcServerStartedEvent.class)
	static class GrpcServerConfiguration {

		@Bean
		ApplicationListener<GrpcServerStartedEvent> grpcServerListener(GrpcServer grpcServer, Environment environment) {
			return (event) -> {
				boolean tls = environment.containsProperty("spring.grpc.server.ssl.bundle");
				grpcServer.started(event.getPort(),
						!tls && event.getServer()
							.getServices()
							.stream()
							.anyMatch((service) -> service.getServiceDescriptor().getName().equals(HEALTH_SERVICE)));
			};
		}

	}

}
