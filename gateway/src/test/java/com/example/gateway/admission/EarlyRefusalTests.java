package com.example.gateway.admission;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.example.gateway.problem.ProblemBody;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that a server's only event loop takes up together, each of which keeps it
 * busy.
 */
class EarlyRefusalTests {

	private static final long WORK = Duration.ofMillis(60).toNanos();

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void whatTheLoopComesToLateIsRefusedWhileAServiceIsFullAndOnlyThen() {
		LoopResources loop = LoopResources.create("early-refusal", 1, true);
		try (AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext()) {
			beans.registerBean(JsonMapper.class, () -> JsonMapper.builder().build());
			beans.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
			beans.register(ProblemBody.class, EarlyRefusal.class);
			beans.refresh();
			EarlyRefusal early = beans.getBean(EarlyRefusal.class);
			DisposableServer server = HttpServer.create()
				.host("127.0.0.1")
				.port(0)
				.runOn(loop)
				.handle(new ReactorHttpHandlerAdapter(early.apply(EarlyRefusalTests::work)))
				.bindNow();
			assertThat(answers(server.port())).allMatch((answer) -> answer.statusCode() == 200);
			await().untilAsserted(() -> {
				early.serviceIsFull();
				assertThat(answers(server.port())).anyMatch((answer) -> answer.statusCode() == 200)
					.filteredOn((answer) -> answer.statusCode() == 503)
					.isNotEmpty()
					.allSatisfy((answer) -> {
						assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
						assertThat(answer.body()).contains("\"status\":503", "\"instance\":\"/api/orders\"",
								"\"requestId\":\"");
					});
			});
			assertThat(beans.getBean(MeterRegistry.class).get("platform.gateway.refused.early").counter().count())
				.isPositive();
			server.disposeNow();
		}
		finally {
			loop.dispose();
		}
	}

	private static Mono<Void> work(ServerHttpRequest request, ServerHttpResponse response) {
		long begin = System.nanoTime();
		while (System.nanoTime() - begin < WORK) {
			Thread.onSpinWait();
		}
		return response.setComplete();
	}

	private List<HttpResponse<String>> answers(int port) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/orders")).build();
		return IntStream.range(0, 20)
			.mapToObj((i) -> client.sendAsync(request, BodyHandlers.ofString()))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
	}

}
