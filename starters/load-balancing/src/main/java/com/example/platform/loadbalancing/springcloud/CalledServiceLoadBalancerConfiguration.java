package com.example.platform.loadbalancing.springcloud;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.CalledServices;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * What each called service's load balancer is. Deliberately not annotated: Spring Cloud
 * LoadBalancer creates it once for each service, in a context of its own.
 */
public class CalledServiceLoadBalancerConfiguration {

	@Bean
	ReactorLoadBalancer<ServiceInstance> calledServiceLoadBalancer(Environment environment, CalledServices services,
			ServiceDirectory directory) {
		return new CalledServiceReactorLoadBalancer(
				services.service(environment.getRequiredProperty(LoadBalancerClientFactory.PROPERTY_NAME)), directory);
	}

}
