package com.example.platform.loadbalancing.springcloud;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.HungInstance;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;

import static org.awaitility.Awaitility.await;

/**
 * {@link HungInstance} over HTTP, with the life cycle that Spring Cloud's clients tell.
 * Each case is a service of its own, of the same servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HungInstanceIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Consul consul = new Consul(TestServers.consul().address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final BalancedCallLifecycle lifecycle = new BalancedCallLifecycle();

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpClient client = HttpClient.newHttpClient();

	private final List<HttpServer> servers = new ArrayList<>();

	private volatile boolean hangs;

	// Until all are connected: a caller that is itself too busy to connect within the
	// deadline would take the healthy instance out.
	private volatile Duration deadline = PATIENCE;

	@BeforeAll
	void start() throws IOException {
		for (int i = 0; i < 10; i++) {
			boolean first = i == 0;
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			server.setExecutor(threads);
			server.createContext("/", (exchange) -> answer(exchange, first && hangs));
			server.start();
			servers.add(server);
		}
	}

	@AfterAll
	void close() {
		threads.shutdownNow();
		servers.forEach((server) -> server.stop(0));
		services.close();
		directory.close();
		consul.close();
	}

	static Stream<Arguments> cases() {
		return Stream.of(PolicyName.values())
			.flatMap((policy) -> Stream.of(2, 10).map((instances) -> Arguments.of(policy, instances)));
	}

	@ParameterizedTest
	@MethodSource("cases")
	void anInstanceThatHangsLosesItsCalls(PolicyName policy, int instances) throws Exception {
		String service = "http-" + policy + "-" + instances;
		services.configure((name) -> HungInstance.settings(policy));
		hangs = false;
		deadline = PATIENCE;
		for (int i = 0; i < instances; i++) {
			registry.register(service, service + i, servers.get(i).getAddress().getPort(), Map.of());
		}
		CalledServiceReactorLoadBalancer balancer = new CalledServiceReactorLoadBalancer(services.service(service),
				directory);
		AtomicInteger keys = new AtomicInteger();
		await().until(() -> call(balancer, service, keys)
				&& services.service(service).view().stream().filter((each) -> each.picks() > 0).count() == instances);
		hangs = true;
		deadline = HungInstance.DEADLINE;
		HungInstance.prove("HTTP, " + policy + ", " + instances + " instances", services.service(service),
				() -> call(balancer, service, keys));
	}

	private static void answer(HttpExchange exchange, boolean hangs) throws IOException {
		if (!hangs) {
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		}
	}

	private boolean call(CalledServiceReactorLoadBalancer balancer, String service, AtomicInteger keys)
			throws InterruptedException {
		HttpHeaders headers = new HttpHeaders();
		headers.add("x-user-id", "user-" + keys.incrementAndGet() % 1000);
		Request<RequestDataContext> request = new DefaultRequest<>(
				new RequestDataContext(new RequestData(HttpMethod.GET, URI.create("http://" + service + "/"), headers,
						new LinkedMultiValueMap<>(), Map.of())));
		Response<ServiceInstance> chosen = Mono.from(balancer.choose(request)).block();
		if (chosen == null || chosen.getServer() == null) {
			return false;
		}
		Request<Object> told = new DefaultRequest<>(new Object());
		lifecycle.onStartRequest(told, chosen);
		try {
			client.send(HttpRequest.newBuilder(chosen.getServer().getUri()).timeout(deadline).build(),
					BodyHandlers.discarding());
			lifecycle.onComplete(new CompletionContext<>(CompletionContext.Status.SUCCESS, told, chosen));
			return true;
		}
		catch (IOException ex) {
			lifecycle.onComplete(new CompletionContext<>(CompletionContext.Status.FAILED, ex, told, chosen));
			return false;
		}
	}

}
