package com.example.benchmarks.propagation;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A caller as Spring Cloud Consul and Spring Cloud LoadBalancer make it by their
 * defaults: HTTP. The starters must not be on its class path.
 */
public final class SpringCloudCaller {

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final LoadBalancerClient balancer;

	private final ServiceInstanceListSupplier instances;

	private List<Integer> told = List.of();

	private SpringCloudCaller(LoadBalancerClient balancer, ServiceInstanceListSupplier instances) {
		this.balancer = balancer;
		this.instances = instances;
	}

	/**
	 * Calls at a fixed rate until the process is ended.
	 * @param arguments Spring Boot's
	 */
	public static void main(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ApplicationContext context = application.run(arguments);
		String service = context.getEnvironment().getRequiredProperty(Calls.SERVICE);
		ServiceInstanceListSupplier instances = context.getBean(LoadBalancerClientFactory.class)
			.getInstance(service, ServiceInstanceListSupplier.class);
		SpringCloudCaller caller = new SpringCloudCaller(context.getBean(LoadBalancerClient.class),
				Objects.requireNonNull(instances));
		Calls.repeat(caller::call);
	}

	private void call() {
		List<ServiceInstance> list = instances.get().blockFirst();
		List<Integer> ports = (list != null) ? list.stream().map(ServiceInstance::getPort).sorted().toList()
				: List.of();
		if (!ports.equals(told)) {
			Calls.list(ports);
			told = ports;
		}
		ServiceInstance chosen = balancer.choose(instances.getServiceId());
		if (chosen != null) {
			int port = chosen.getPort();
			Calls.sent(port);
			Future<?> unused = http
				.sendAsync(HttpRequest.newBuilder(URI.create(chosen.getUri() + "/actuator/health/liveness"))
					.timeout(Calls.DEADLINE)
					.build(), BodyHandlers.discarding())
				.thenRun(() -> Calls.answered(port));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
