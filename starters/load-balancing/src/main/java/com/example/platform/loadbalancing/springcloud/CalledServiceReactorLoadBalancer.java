package com.example.platform.loadbalancing.springcloud;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.discovery.springcloud.HttpInstances;
import com.example.platform.loadbalancing.Balancer;
import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.policy.Hash;
import com.example.platform.loadbalancing.policy.Node;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.http.HttpHeaders;

/**
 * Chooses the instance for each HTTP call to one service. The balancer is built anew at
 * each change; a call only reads it.
 */
public final class CalledServiceReactorLoadBalancer implements ReactorServiceInstanceLoadBalancer {

	// Only the first question about a service waits for Consul; a caller must not wait
	// for
	// ever when that is away.
	private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);

	private static final String CANARY = "x-canary";

	private final CalledService service;

	private final ServiceDirectory directory;

	private final HttpInstances instances = new HttpInstances();

	private volatile Choice choice;

	/**
	 * Creates a load balancer.
	 * @param service the service to call
	 * @param directory knows its instances
	 */
	public CalledServiceReactorLoadBalancer(CalledService service, ServiceDirectory directory) {
		this.service = service;
		this.directory = directory;
		this.choice = new Choice(service, service.balancer(List.of()));
		// It lives as long as the application, like its service.
		var unused = service.subscribe(this::renew);
		renew();
	}

	@Override
	@SuppressWarnings("rawtypes") // as the interface has it
	public Mono<Response<ServiceInstance>> choose(Request request) {
		RequestData data = (request.getContext() instanceof RequestDataContext context) ? context.getClientRequest()
				: null;
		HttpHeaders headers = (data != null && data.getHeaders() != null) ? data.getHeaders() : HttpHeaders.EMPTY;
		Map<String, Object> attributes = (data != null) ? data.getAttributes() : Map.of();
		Response<ServiceInstance> chosen = chooseAtOnce(headers, attributes);
		if (chosen != null) {
			return Mono.just(chosen);
		}
		// The directory's own future must survive a caller that gives up waiting.
		return Mono.fromFuture(() -> directory.instances(service.name()), true)
			.timeout(FIRST_ANSWER, Mono.just(List.of()))
			.map((endpoints) -> choice(endpoints).of(headers, attributes));
	}

	/**
	 * Chooses without waiting.
	 * @param headers the request's headers
	 * @param attributes the request's attributes, which know where it was sent before
	 * @return the choice; {@code null} as long as no instance is known
	 */
	@Nullable Response<ServiceInstance> chooseAtOnce(HttpHeaders headers, Map<String, Object> attributes) {
		Choice present = choice;
		return present.balancer.isEmpty() ? null : present.of(headers, attributes);
	}

	// One at a time, or an older list could be written over a newer one.
	private synchronized void renew() {
		choice = choice(directory.instances(service.name()).getNow(List.of()));
	}

	private Choice choice(List<ServiceEndpoint> endpoints) {
		return new Choice(service,
				service.balancer(service.subset(instances.usable(endpoints))
					.stream()
					.map((endpoint) -> new Member<>(service.node(endpoint), endpoint, HttpInstances.of(endpoint)))
					.toList()));
	}

	private record Choice(CalledService service, Balancer<ServiceInstance> balancer) {

		private Response<ServiceInstance> of(HttpHeaders headers, Map<String, Object> attributes) {
			long key = key(headers, service.settings().keyHeader());
			Set<Node> tried = BalancedCall.tried(attributes);
			Member<ServiceInstance> chosen = tried.isEmpty() ? balancer.pick(key, wish(headers))
					: balancer.pick(key, wish(headers), tried);
			return (chosen != null) ? new DefaultResponse(new BalancedCall(service, chosen)) : new EmptyResponse();
		}

		private static long key(HttpHeaders headers, @Nullable String keyHeader) {
			String key = (keyHeader != null) ? headers.getFirst(keyHeader) : null;
			return (key != null) ? Hash.of(key) : Hash.NO_KEY;
		}

		private static CanaryWish wish(HttpHeaders headers) {
			String wish = headers.getFirst(CANARY);
			return (wish != null) ? CanaryWish.of(wish) : CanaryWish.NONE;
		}

	}

}
