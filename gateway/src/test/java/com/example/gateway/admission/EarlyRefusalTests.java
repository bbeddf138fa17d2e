package com.example.gateway.admission;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import com.example.gateway.problem.ProblemBody;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerInitializedEvent;
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

	private volatile Duration work = Duration.ofMillis(30);

	private final HttpClient client = HttpClient.newHttpClient();

	private final LoopResources loop = LoopResources.create("early-refusal", 1, true);

	private final AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();

	private final EarlyRefusal early;

	private final DisposableServer server;

	EarlyRefusalTests() {
		beans.registerBean(JsonMapper.class, () -> JsonMapper.builder().build());
		beans.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
		beans.register(ProblemBody.class);
		beans.registerBean(EarlyRefusal.class, () -> new EarlyRefusal(beans.getBean(ProblemBody.class),
				beans.getBean(MeterRegistry.class), Duration.ofSeconds(1)));
		beans.refresh();
		early = beans.getBean(EarlyRefusal.class);
		server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(loop)
			.handle(new ReactorHttpHandlerAdapter(early.apply(this::work)))
			.bindNow();
	}

	@AfterEach
	void close() {
		server.disposeNow();
		beans.close();
		loop.dispose();
	}

	@Test
	void whatTheLoopComesToLateIsRefusedWhileAServiceIsFull() {
		assertThat(answers()).allMatch((answer) -> answer.statusCode() == 200);
		await().untilAsserted(() -> {
			early.serviceIsFull(false);
			assertThat(answers()).anyMatch((answer) -> answer.statusCode() == 200)
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
	}

	@Test
	void whereRequestsWithABodyFillAServiceThoseWithoutAreNotRefused() {
		await().untilAsserted(() -> {
			early.serviceIsFull(true);
			assertThat(answers(BodyPublishers.ofString("{}"))).extracting(HttpResponse::statusCode).contains(503);
		});
		for (int i = 0; i < 3; i++) {
			early.serviceIsFull(true);
			assertThat(answers()).allMatch((answer) -> answer.statusCode() == 200);
		}
	}

	@Test
	void whatTheLoopComesToVeryLateIsRefusedThoughNoServiceIsFull() {
		work = Duration.ofMillis(100);
		AtomicBoolean refused = new AtomicBoolean();
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		IntStream.range(0, 20)
			.mapToObj((i) -> askUntil(() -> refused.get() || System.nanoTime() > deadline, refused))
			.toList()
			.forEach(CompletableFuture::join);
		assertThat(refused).isTrue();
		work = Duration.ofMillis(30);
		await().untilAsserted(() -> assertThat(answers()).allMatch((answer) -> answer.statusCode() == 200));
	}

	@Test
	void whatComesByThePortForManagementIsNeverRefused() {
		ReactiveWebServerApplicationContext management = new ReactiveWebServerApplicationContext();
		management.setServerNamespace("management");
		early.onApplicationEvent(new ReactiveWebServerInitializedEvent(new WebServer() {

			@Override
			public void start() {
			}

			@Override
			public void stop() {
			}

			@Override
			public int getPort() {
				return server.port();
			}

		}, management));
		for (int i = 0; i < 5; i++) {
			early.serviceIsFull(false);
			assertThat(answers()).allMatch((answer) -> answer.statusCode() == 200);
		}
	}

	private Mono<Void> work(ServerHttpRequest request, ServerHttpResponse response) {
		long begin = System.nanoTime();
		while (System.nanoTime() - begin < work.toNanos()) {
			Thread.onSpinWait();
		}
		return response.setComplete();
	}

	private List<HttpResponse<String>> answers() {
		return answers(BodyPublishers.noBody());
	}

	private List<HttpResponse<String>> answers(BodyPublisher body) {
		return IntStream.range(0, 20)
			.mapToObj((i) -> ask(body))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList();
	}

	/** Asks again and again, and notes whether one was refused. */
	private CompletableFuture<Void> askUntil(BooleanSupplier enough, AtomicBoolean refused) {
		return ask(BodyPublishers.noBody()).thenCompose((answer) -> {
			if (answer.statusCode() == 503) {
				refused.set(true);
			}
			return enough.getAsBoolean() ? CompletableFuture.completedFuture(null) : askUntil(enough, refused);
		});
	}

	private CompletableFuture<HttpResponse<String>> ask(BodyPublisher body) {
		return client.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/orders"))
			.method("POST", body)
			.build(), BodyHandlers.ofString());
	}

}
