package com.example.platform.discovery.springcloud;

import com.example.platform.discovery.ServiceDirectory;

import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * What each target service's load balancer is made of. Deliberately not annotated: Spring
 * Cloud LoadBalancer creates it once for each target, in a context of its own.
 */
public class DirectoryLoadBalancerConfiguration {

	@Bean
	ServiceInstanceListSupplier directoryInstanceListSupplier(Environment environment, ServiceDirectory directory) {
		return new DirectoryInstanceListSupplier(
				environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME), directory);
	}

}
