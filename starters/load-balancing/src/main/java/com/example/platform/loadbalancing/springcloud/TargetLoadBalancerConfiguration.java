package com.example.platform.loadbalancing.springcloud;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.Targets;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * What each target service's load balancer is. Deliberately not annotated: Spring Cloud
 * LoadBalancer creates it once for each target, in a context of its own.
 */
public class TargetLoadBalancerConfiguration {

	@Bean
	ReactorLoadBalancer<ServiceInstance> targetLoadBalancer(Environment environment, Targets targets,
			ServiceDirectory directory) {
		return new TargetReactorLoadBalancer(
				targets.target(environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME)), directory);
	}

}
