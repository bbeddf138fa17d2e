package com.example.platform.resilience;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.resilience.CallGuard.State;
import com.example.platform.resilience.actuate.ResilienceEndpoint;
import com.example.platform.resilience.actuate.ResilienceMetrics;
import com.example.platform.resilience.autoconfigure.ResilienceAutoConfiguration;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Context;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Real servers behind clients as Spring Boot builds them.
 */
class ResilienceIntegrationTests {

	private static final Duration SLOW = Duration.ofMillis(200);

	private final AtomicInteger calls = new AtomicInteger();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final Server grpc;

	private final HttpServer http;

	private volatile Status.Code answer = Status.Code.OK;

	private volatile boolean hangs;

	private volatile int status = 200;

	private volatile boolean retryAfter;

	private final ApplicationContextRunner runner;

	ResilienceIntegrationTests() throws IOException {
		grpc = NettyServerBuilder.forPort(0).addService(new Health()).build().start();
		http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		http.createContext("/", (exchange) -> {
			calls.incrementAndGet();
			if (retryAfter) {
				exchange.getResponseHeaders().set("Retry-After", "1");
			}
			exchange.sendResponseHeaders(status, -1);
			exchange.close();
		});
		http.start();
		runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, GrpcClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, LiveConfigurationAutoConfiguration.class,
					ResilienceAutoConfiguration.class))
			.withUserConfiguration(Stubs.class)
			.withPropertyValues("spring.grpc.client.channel.health.target=static://127.0.0.1:" + grpc.getPort(),
					"platform.resilience.defaults.circuit-breaker.open-for=1m");
	}

	@AfterEach
	void close() {
		timer.shutdownNow();
		grpc.shutdownNow();
		http.stop(0);
	}

	@ParameterizedTest
	@EnumSource(names = { "UNAVAILABLE", "INTERNAL", "UNKNOWN", "DATA_LOSS" })
	void failuresOfTheServiceOpenTheBreakerAndTheNextCallIsNotMade(Status.Code failure) {
		answer = failure;
		runner.run((context) -> {
			for (int i = 0; i < 5; i++) {
				assertThat(call(context).getCode()).isEqualTo(failure);
			}
			assertThat(calls).hasValue(5);
			Status refused = call(context);
			assertThat(refused.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(refused.getDescription()).contains("/Check: too many of the last ones failed");
			assertThat(refused.getCause()).isInstanceOf(CallRefusedException.class);
			assertThat(calls).hasValue(5);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "INVALID_ARGUMENT", "NOT_FOUND", "PERMISSION_DENIED", "FAILED_PRECONDITION",
			"RESOURCE_EXHAUSTED", "UNIMPLEMENTED" })
	void whatTheCallerDoesWrongDoesNot(Status.Code failure) {
		answer = failure;
		runner.run((context) -> {
			for (int i = 0; i < 20; i++) {
				assertThat(call(context).getCode()).isEqualTo(failure);
			}
			assertThat(calls).hasValue(20);
		});
	}

	@Test
	void callsThatHangOpenTheBreakerBeforeTheyEnd() {
		hangs = true;
		runner.withPropertyValues("platform.resilience.defaults.circuit-breaker.slow-after=" + SLOW.toMillis() + "ms")
			.run((context) -> {
				for (int i = 0; i < 5; i++) {
					var unused = context.getBean(HealthGrpc.HealthFutureStub.class)
						.check(HealthCheckRequest.getDefaultInstance());
				}
				await().until(() -> guard(context).state() == State.OPEN);
				assertThat(guard(context).underWay()).isEqualTo(5);
				assertThat(call(context).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			});
	}

	@Test
	void aDeadlineOfTheCallsOwnCountsAndThatOfAHurriedCallerDoesNot() {
		hangs = true;
		runner.run((context) -> {
			for (int i = 0; i < 10; i++) {
				Context.current().withDeadlineAfter(20, TimeUnit.MILLISECONDS, timer).run(() -> call(context));
			}
			assertThat(guard(context).state()).isEqualTo(State.CLOSED);
			for (int i = 0; i < 5; i++) {
				assertThat(call(context, 20).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			}
			assertThat(guard(context).state()).isEqualTo(State.OPEN);
		});
	}

	@Test
	void whoCancelsSaysNothing() {
		hangs = true;
		runner.run((context) -> {
			for (int i = 0; i < 10; i++) {
				context.getBean(HealthGrpc.HealthFutureStub.class)
					.check(HealthCheckRequest.getDefaultInstance())
					.cancel(true);
			}
			await().until(() -> guard(context).underWay() == 0);
			assertThat(guard(context).state()).isEqualTo(State.CLOSED);
		});
	}

	@Test
	void theBulkheadIsLiveAndRefusesWhatIsOver() {
		hangs = true;
		runner.run((context) -> {
			TestPropertyValues.of("platform.resilience.defaults.max-concurrent-calls=1")
				.applyTo((ConfigurableApplicationContext) context);
			context.getBean(LiveConfiguration.class).reload();
			var first = context.getBean(HealthGrpc.HealthFutureStub.class)
				.check(HealthCheckRequest.getDefaultInstance());
			assertThat(call(context).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
			first.cancel(true);
			await().until(() -> guard(context).underWay() == 0);
			assertThat(call(context, 20).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		});
	}

	@ParameterizedTest
	@CsvSource({ "500, false, true", "502, false, true", "503, false, true", "504, false, true", "503, true, false",
			"404, false, false", "409, false, false", "429, true, false", "501, false, false" })
	void overHttpTheSameCounts(int failure, boolean saysWhen, boolean opens) {
		status = failure;
		retryAfter = saysWhen;
		runner.run((context) -> {
			for (int i = 0; i < 5; i++) {
				assertThat(get(context)).isEqualTo(failure);
			}
			assertThat(get(context)).isEqualTo(opens ? -1 : failure);
			assertThat(calls).hasValue(opens ? 5 : 6);
		});
	}

	@Test
	void aServerThatIsNotThereOpensTheBreaker() {
		http.stop(0);
		runner.run((context) -> {
			for (int i = 0; i < 6; i++) {
				assertThat(get(context)).isEqualTo(-1);
			}
			assertThat(context.getBean(CallGuards.class).guard("127.0.0.1", "GET").state()).isEqualTo(State.OPEN);
		});
	}

	@Test
	void theEndpointAndTheMetricsShowHowItStands() {
		answer = Status.Code.INTERNAL;
		runner.run((context) -> {
			SimpleMeterRegistry meters = new SimpleMeterRegistry();
			context.getBean(ResilienceMetrics.class).bindTo(meters);
			for (int i = 0; i < 7; i++) {
				call(context);
			}
			assertThat(context.getBean(ResilienceEndpoint.class).guards()).singleElement().satisfies((view) -> {
				assertThat(view.method()).isEqualTo("Check");
				assertThat(view.state()).isEqualTo(State.OPEN);
				assertThat(view.failureShare()).isEqualTo(1);
				assertThat(view.refusedOpen()).isEqualTo(2);
			});
			assertThat(meters.get("platform.resilience.open").tag("method", "Check").gauge().value()).isEqualTo(1);
			assertThat(meters.get("platform.resilience.refused").tag("reason", "open").functionCounter().count())
				.isEqualTo(2);
		});
	}

	private CallGuard guard(ApplicationContext context) {
		return context.getBean(CallGuards.class).guard("127.0.0.1:" + grpc.getPort(), "Check");
	}

	private static Status call(ApplicationContext context) {
		return call(context, 20_000);
	}

	private static Status call(ApplicationContext context, int millis) {
		StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class,
				() -> context.getBean(HealthGrpc.HealthBlockingStub.class)
					.withDeadlineAfter(millis, TimeUnit.MILLISECONDS)
					.check(HealthCheckRequest.getDefaultInstance()));
		return (failure != null) ? failure.getStatus() : Status.OK;
	}

	/** The status, or -1 when there was no answer. */
	private int get(ApplicationContext context) {
		try {
			return context.getBean(RestClient.Builder.class)
				.build()
				.get()
				.uri("http://127.0.0.1:" + http.getAddress().getPort())
				.retrieve()
				.toBodilessEntity()
				.getStatusCode()
				.value();
		}
		catch (RestClientResponseException ex) {
			return ex.getStatusCode().value();
		}
		catch (ResourceAccessException ex) {
			return -1;
		}
	}

	private final class Health extends HealthGrpc.HealthImplBase {

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			calls.incrementAndGet();
			if (hangs) {
				return;
			}
			if (answer == Status.Code.OK) {
				observer.onNext(HealthCheckResponse.getDefaultInstance());
				observer.onCompleted();
			}
			else {
				observer.onError(answer.toStatus().asException());
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Stubs {

		@Bean
		HealthGrpc.HealthBlockingStub blocking(GrpcChannelFactory channels) {
			return HealthGrpc.newBlockingStub(channels.createChannel("health"));
		}

		@Bean
		HealthGrpc.HealthFutureStub future(GrpcChannelFactory channels) {
			return HealthGrpc.newFutureStub(channels.createChannel("health"));
		}

	}

}
