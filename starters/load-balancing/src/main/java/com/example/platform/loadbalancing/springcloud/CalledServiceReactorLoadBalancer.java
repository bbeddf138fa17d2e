package com.example.platform.loadbalancing.springcloud;

import java.time.Duration;
import java.util.List;
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
		Choice present = choice;
		if (!present.balancer.isEmpty()) {
			return Mono.just(present.of(request));
		}
		// The directory's own future must survive a caller that gives up waiting.
		return Mono.fromFuture(() -> directory.instances(service.name()), true)
			.timeout(FIRST_ANSWER, Mono.just(List.of()))
			.map((endpoints) -> choice(endpoints).of(request));
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

		private Response<ServiceInstance> of(Request<?> request) {
			long key = key(request, service.settings().keyHeader());
			Set<Node> tried = tried(request);
			Member<ServiceInstance> chosen = tried.isEmpty() ? balancer.pick(key, wish(request))
					: balancer.pick(key, wish(request), tried);
			return (chosen != null) ? new DefaultResponse(new BalancedCall(service, chosen)) : new EmptyResponse();
		}

		private static long key(Request<?> request, @Nullable String keyHeader) {
			String key = (keyHeader != null) ? header(request, keyHeader) : null;
			return (key != null) ? Hash.of(key) : Hash.NO_KEY;
		}

		private static CanaryWish wish(Request<?> request) {
			String wish = header(request, CANARY);
			return (wish != null) ? CanaryWish.of(wish) : CanaryWish.NONE;
		}

		private static Set<Node> tried(Request<?> request) {
			RequestData data = data(request);
			return (data != null) ? BalancedCall.tried(data.getAttributes()) : Set.of();
		}

		private static @Nullable String header(Request<?> request, String name) {
			RequestData data = data(request);
			HttpHeaders headers = (data != null) ? data.getHeaders() : null;
			return (headers != null) ? headers.getFirst(name) : null;
		}

		private static @Nullable RequestData data(Request<?> request) {
			return (request.getContext() instanceof RequestDataContext context) ? context.getClientRequest() : null;
		}

	}

}
