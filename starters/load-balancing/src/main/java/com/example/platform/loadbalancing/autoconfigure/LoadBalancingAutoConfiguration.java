package com.example.platform.loadbalancing.autoconfigure;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import com.example.platform.defaults.ClientCallOrder;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.autoconfigure.DiscoveryAutoConfiguration;
import com.example.platform.grpc.resolver.ServiceConfigs;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.actuate.LoadBalancingEndpoint;
import com.example.platform.loadbalancing.actuate.LoadBalancingMetrics;
import com.example.platform.loadbalancing.grpc.CallProgress;
import com.example.platform.loadbalancing.grpc.CalledServiceLoadBalancerProvider;
import com.example.platform.loadbalancing.springcloud.BalancedCallFilter;
import com.example.platform.loadbalancing.springcloud.BalancedCallLifecycle;
import com.example.platform.loadbalancing.springcloud.BalancedChoiceFilter;
import com.example.platform.loadbalancing.springcloud.CalledServiceLoadBalancerConfiguration;
import io.grpc.ClientInterceptor;
import io.grpc.LoadBalancerProvider;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.consul.discovery.ConsulDiscoveryProperties;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GlobalClientInterceptor;

/**
 * Auto-configuration for load balancing by policy, for gRPC and HTTP.
 */
@AutoConfiguration(after = { DiscoveryAutoConfiguration.class, LiveConfigurationAutoConfiguration.class })
@ConditionalOnBean(ServiceDirectory.class)
@ConditionalOnProperty(name = "platform.load-balancing.enabled", matchIfMissing = true)
@LoadBalancerClients(defaultConfiguration = CalledServiceLoadBalancerConfiguration.class)
public final class LoadBalancingAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CalledServices calledServices(ServiceDirectory directory, LiveConfiguration live,
			ObjectProvider<ConsulDiscoveryProperties> discovery) {
		String self = discovery.stream()
			.map(ConsulDiscoveryProperties::getInstanceId)
			.filter((id) -> id != null)
			.findFirst()
			.orElse("");
		Supplier<LoadBalancingProperties> settings = live.bind(LoadBalancingProperties.class);
		CalledServices services = new CalledServices(directory, self, (name) -> settings.get().of(name),
				System::nanoTime, () -> ThreadLocalRandom.current().nextLong());
		live.follow(LoadBalancingProperties.class, (next) -> services.configure(next::of));
		return services;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ LoadBalancerProvider.class, ServiceConfigs.class })
	static class GrpcConfiguration {

		@Bean
		@ConditionalOnMissingBean
		CalledServiceLoadBalancerProvider calledServiceLoadBalancerProvider(CalledServices services) {
			return new CalledServiceLoadBalancerProvider(services);
		}

		@Bean
		@ConditionalOnMissingBean(name = "policyServiceConfigs")
		ServiceConfigs policyServiceConfigs(CalledServiceLoadBalancerProvider provider) {
			return provider.serviceConfigs();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalClientInterceptor.class)
	static class GrpcClientConfiguration {

		@Bean
		@Order(ClientCallOrder.PROGRESS)
		@GlobalClientInterceptor
		@ConditionalOnMissingBean(name = "callProgressInterceptor")
		ClientInterceptor callProgressInterceptor() {
			return CallProgress.interceptor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalFilter.class)
	static class GatewayConfiguration {

		@Bean
		@ConditionalOnMissingBean
		BalancedChoiceFilter balancedChoiceFilter(LoadBalancerClientFactory factory) {
			return new BalancedChoiceFilter(factory);
		}

		@Bean
		@ConditionalOnMissingBean
		BalancedCallFilter balancedCallFilter() {
			return new BalancedCallFilter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.cloud.gateway.filter.GlobalFilter")
	static class ClientConfiguration {

		@Bean
		@ConditionalOnMissingBean
		BalancedCallLifecycle balancedCallLifecycle() {
			return new BalancedCallLifecycle();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LoadBalancingMetrics loadBalancingMetrics(CalledServices services) {
			return new LoadBalancingMetrics(services);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Endpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LoadBalancingEndpoint loadBalancingEndpoint(CalledServices services, ServiceDirectory directory) {
			return new LoadBalancingEndpoint(services, directory);
		}

	}

}
