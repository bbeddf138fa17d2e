package com.example.gateway.home;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceEndpoint;
import com.example.platform.discovery.ServiceView;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ResponseStatusException;

/**
 * The page for developers: what runs, the APIs of all services, first steps. It tells
 * addresses of the inside, so that it is off unless the configuration turns it on.
 */
@RestController
@ConditionalOnBooleanProperty("platform.gateway.home-page")
class HomeController {

	// Consul lists itself, too.
	private static final String CONSUL = "consul";

	private static final int MOST_BYTES = 4 * 1024 * 1024;

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final Consul consul;

	private final ServiceDirectory directory;

	private final WebClient http = WebClient.builder()
		.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(MOST_BYTES))
		.build();

	HomeController(Consul consul, ServiceDirectory directory) {
		this.consul = consul;
		this.directory = directory;
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	Resource page() {
		return new ClassPathResource("home.html", HomeController.class);
	}

	@GetMapping("/system")
	CompletableFuture<SystemView> system() {
		return consul.catalog().services().thenCompose((tags) -> {
			List<String> names = tags.keySet().stream().filter((name) -> !name.equals(CONSUL)).sorted().toList();
			CompletableFuture<?>[] known = names.stream()
				.map(directory::instances)
				.toArray(CompletableFuture<?>[]::new);
			return CompletableFuture.allOf(known)
				.thenApply((nothing) -> new SystemView(consul.agent(), names.stream().map(this::service).toList()));
		});
	}

	/**
	 * Reads the OpenAPI document of a service from one of its instances.
	 */
	@GetMapping(path = "/system/{service}/api", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<String> api(@PathVariable String service) {
		return Mono.fromFuture(() -> consul.catalog().services())
			.filter((tags) -> tags.containsKey(service))
			.flatMapMany((tags) -> Mono.fromFuture(() -> directory.instances(service)))
			.flatMapIterable((instances) -> instances)
			.concatMap((instance) -> http.get()
				.uri(url(instance) + "/v3/api-docs")
				.retrieve()
				.bodyToMono(String.class)
				.timeout(PATIENCE)
				.onErrorResume((failure) -> Mono.empty()))
			.next()
			.switchIfEmpty(Mono.error(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
	}

	private SystemView.Service service(String name) {
		ServiceView view = directory.view(name);
		Stream<SystemView.Instance> out = view.unavailable()
			.entrySet()
			.stream()
			.filter((
					entry) -> view.available().stream().noneMatch((other) -> other.instanceId().equals(entry.getKey())))
			.map((entry) -> new SystemView.Instance(entry.getKey(), "", "", "", entry.getValue()));
		return new SystemView.Service(name,
				Stream.concat(view.available().stream().map(HomeController::instance), out)
					.sorted(Comparator.comparing(SystemView.Instance::id))
					.toList());
	}

	private static SystemView.Instance instance(ServiceEndpoint endpoint) {
		Map<String, String> metadata = endpoint.metadata();
		String grpcPort = metadata.get(ServiceEndpoint.GRPC_PORT);
		return new SystemView.Instance(endpoint.instanceId(), url(endpoint), "http://" + endpoint.host() + ":"
				+ metadata.getOrDefault(ServiceEndpoint.MANAGEMENT_PORT, String.valueOf(endpoint.port())) + "/actuator",
				(grpcPort != null) ? endpoint.host() + ":" + grpcPort : "", "");
	}

	private static String url(ServiceEndpoint endpoint) {
		return "http://" + endpoint.host() + ":" + endpoint.port();
	}

}
