package com.example.platform.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;

/**
 * A servlet container and a gRPC server that take on two calls, one of the background,
 * and some kilobytes of bodies.
 */
class AdmissionIntegrationTests {

	private static final MethodDescriptor<byte[], byte[]> UNARY = method("Unary", MethodDescriptor.MethodType.UNARY);

	private static final MethodDescriptor<byte[], byte[]> STREAM = method("Stream",
			MethodDescriptor.MethodType.CLIENT_STREAMING);

	private static final MethodDescriptor<byte[], byte[]> WATCH = method("Watch",
			MethodDescriptor.MethodType.SERVER_STREAMING);

	private static final long CAPACITY = 2_000_000;

	private final ConfigurableApplicationContext context = SpringApplication.run(Application.class,
			"--spring.main.banner-mode=off", "--server.port=0", "--spring.grpc.server.port=0",
			"--platform.admission.min-calls=2", "--platform.admission.max-calls=2",
			"--platform.web.max-request-body=5MB",
			"--platform.admission.body-share=" + (double) CAPACITY / Runtime.getRuntime().maxMemory());

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final ManagedChannel channel = ManagedChannelBuilder
		.forAddress("127.0.0.1", context.getBean(GrpcServerLifecycle.class).getPort())
		.usePlaintext()
		.build();

	private final CountDownLatch end = context.getBean(CountDownLatch.class);

	@AfterEach
	void close() {
		end.countDown();
		channel.shutdownNow();
		context.close();
	}

	@Test
	void aRequestTooMuchIsRefusedAtOnceButHealthIsNot() {
		List<CompletableFuture<HttpResponse<String>>> waiting = IntStream.range(0, 2)
			.mapToObj((i) -> get("/wait"))
			.toList();
		await().until(() -> underWay("http") == 2);
		HttpResponse<String> refused = get("/wait").join();
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.headers().firstValue("Retry-After")).contains("1");
		assertThat(refused.body()).contains("too much to do");
		assertThat(get("/actuator/health").join().statusCode()).isEqualTo(200);
		assertThat(get("/actuator/../wait").join().statusCode()).isEqualTo(503);
		assertThat(get("/actuatorx").join().statusCode()).isEqualTo(503);
		end.countDown();
		assertThat(waiting).allSatisfy((answer) -> assertThat(answer.join().statusCode()).isEqualTo(200));
		await().until(() -> underWay("http") == 0);
		assertThat(get("/wait").join().statusCode()).isEqualTo(200);
	}

	@Test
	void aBackgroundRequestIsRefusedWhileOthersStillHaveRoom() {
		CompletableFuture<HttpResponse<String>> waiting = get("/wait");
		await().until(() -> underWay("http") == 1);
		HttpResponse<String> refused = http
			.sendAsync(HttpRequest.newBuilder(uri("/wait")).header("Priority", "u=7").build(), BodyHandlers.ofString())
			.join();
		assertThat(refused.statusCode()).isEqualTo(503);
		end.countDown();
		assertThat(get("/wait").join().statusCode()).isEqualTo(200);
		assertThat(waiting.join().statusCode()).isEqualTo(200);
	}

	@Test
	void aBodyThatFindsNoRoomIsRefusedWhetherItDeclaresItsLengthOrNot() {
		BodyMemory.Reservation others = context.getBean(BodyMemory.class).reserve();
		others.resize(CAPACITY - 100_000);
		byte[] tooLarge = new byte[200_000];
		assertThat(post(BodyPublishers.ofByteArray(tooLarge)).statusCode()).isEqualTo(503);
		byte[] json = ("{\"text\":\"" + "x".repeat(200_000) + "\"}").getBytes(StandardCharsets.UTF_8);
		for (HttpResponse<String> chunked : List
			.of(post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge))), post("/json",
					"application/json", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(json))))) {
			assertThat(chunked.statusCode()).isEqualTo(503);
			assertThat(chunked.headers().firstValue("Retry-After")).contains("1");
		}
		assertThat(bodies()).isEqualTo(CAPACITY - 100_000);
		others.release();
		assertThat(post(BodyPublishers.ofByteArray(tooLarge)).body()).isEqualTo("200000");
	}

	@Test
	void aCallTooMuchIsRefusedAndTheCallerIsToldWhenToTryAgain() {
		List<ListenableFuture<byte[]>> waiting = IntStream.range(0, 2).mapToObj((i) -> call(new byte[10])).toList();
		await().until(() -> underWay("grpc") == 2);
		assertThatCode(() -> call(new byte[10]).get()).cause()
			.asInstanceOf(throwable(StatusRuntimeException.class))
			.satisfies((refused) -> {
				assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
				assertThat(refused.getTrailers()).satisfies((trailers) -> assertThat(
						trailers.get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER)))
					.isEqualTo("1000"));
			});
		assertThatCode(() -> HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance()))
			.doesNotThrowAnyException();
		end.countDown();
		assertThat(waiting).allSatisfy((answer) -> assertThat(answer.get()).hasSize(10));
		await().until(() -> underWay("grpc") == 0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 1_000_000 })
	void aMessageThatFindsNoRoomEndsItsCallAndItsHandlerIsNotAsked(int length) throws Exception {
		BodyMemory.Reservation others = context.getBean(BodyMemory.class).reserve();
		others.resize(CAPACITY - 5);
		end.countDown();
		assertThat(code(call(new byte[length]))).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		await().until(() -> bodies() == CAPACITY - 5 && underWay("grpc") == 0);
		assertThat(received().messages()).isZero();
		others.release();
		assertThat(call(new byte[length]).get()).hasSize(length);
		assertThat(received().messages()).isEqualTo(1);
	}

	@Test
	void whatAMessageUnpacksToTakesRoomToo() {
		BodyMemory.Reservation others = context.getBean(BodyMemory.class).reserve();
		others.resize(CAPACITY - 100_000);
		end.countDown();
		assertThat(code(ClientCalls.futureUnaryCall(channel.newCall(UNARY, CallOptions.DEFAULT.withCompression("gzip")),
				new byte[3_000_000])))
			.isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(received().messages()).isZero();
	}

	@Test
	void aCallWhoseMessageDoesNotComeTakesNobodysPlace() throws Exception {
		List<ClientCall<byte[], byte[]>> idle = Stream.generate(() -> channel.newCall(UNARY, CallOptions.DEFAULT))
			.limit(10)
			.toList();
		idle.forEach((call) -> call.start(new ClientCall.Listener<>() {
		}, new Metadata()));
		end.countDown();
		assertThat(call(new byte[10]).get()).hasSize(10);
		idle.forEach((call) -> call.cancel("as expected", null));
	}

	@Test
	void aThousandStreamsAtOnceAreTakenOn() {
		List<ListenableFuture<byte[]>> streams = Stream
			.generate(() -> ClientCalls.futureUnaryCall(channel.newCall(WATCH, CallOptions.DEFAULT), new byte[1]))
			.limit(1_000)
			.toList();
		assertThat(streams).allSatisfy((stream) -> assertThat(stream.get()).hasSize(1));
	}

	@Test
	void aStreamCountsOnlyWhatIsNotReadYetAndIsNoCallUnderWay() throws Exception {
		ClientCall<byte[], byte[]> stream = channel.newCall(STREAM, CallOptions.DEFAULT);
		CompletableFuture<Status> closed = new CompletableFuture<>();
		stream.start(new ClientCall.Listener<>() {

			@Override
			public void onClose(Status status, Metadata trailers) {
				closed.complete(status);
			}

		}, new Metadata());
		stream.request(1);
		for (int i = 0; i < 10; i++) {
			stream.sendMessage(new byte[500_000]);
			int sent = i + 1;
			await().until(() -> received().messages() == sent);
			assertThat(underWay("grpc")).isZero();
		}
		await().until(() -> bodies() == 0);
		stream.halfClose();
		assertThat(closed.get()).extracting(Status::getCode).isEqualTo(Status.Code.OK);
	}

	private CompletableFuture<HttpResponse<String>> get(String path) {
		return http.sendAsync(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
	}

	private HttpResponse<String> post(HttpRequest.BodyPublisher body) {
		return post("/length", "application/octet-stream", body);
	}

	private HttpResponse<String> post(String path, String type, HttpRequest.BodyPublisher body) {
		return http
			.sendAsync(HttpRequest.newBuilder(uri(path)).header("Content-Type", type).POST(body).build(),
					BodyHandlers.ofString())
			.join();
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
	}

	private ListenableFuture<byte[]> call(byte[] message) {
		return ClientCalls.futureUnaryCall(channel.newCall(UNARY, CallOptions.DEFAULT), message);
	}

	private static Status.Code code(Future<?> call) {
		try {
			call.get();
			return Status.Code.OK;
		}
		catch (InterruptedException | ExecutionException ex) {
			return Status.fromThrowable(ex).getCode();
		}
	}

	private Received received() {
		return context.getBean(Received.class);
	}

	private int underWay(String name) {
		return (int) context.getBean(MeterRegistry.class)
			.get("platform.admission.calls")
			.tag("name", name)
			.gauge()
			.value();
	}

	private long bodies() {
		return (long) context.getBean(MeterRegistry.class).get("platform.admission.bodies").gauge().value();
	}

	private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
		MethodDescriptor.Marshaller<byte[]> bytes = new MethodDescriptor.Marshaller<>() {

			@Override
			public InputStream stream(byte[] value) {
				return new ByteArrayInputStream(value);
			}

			@Override
			public byte[] parse(InputStream stream) {
				try {
					return stream.readAllBytes();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}

		};
		return MethodDescriptor.newBuilder(bytes, bytes).setType(type).setFullMethodName("test.Test/" + name).build();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		CountDownLatch end() {
			return new CountDownLatch(1);
		}

		@Bean
		Received received() {
			return new Received();
		}

		@Bean
		Controller controller(CountDownLatch end) {
			return new Controller(end);
		}

		@Bean
		BindableService service(CountDownLatch end, Received received) {
			return () -> ServerServiceDefinition.builder("test.Test")
				.addMethod(WATCH, ServerCalls.asyncServerStreamingCall((request, observer) -> {
					observer.onNext(request);
					observer.onCompleted();
				}))
				.addMethod(UNARY, ServerCalls.asyncUnaryCall((request, observer) -> {
					received.message();
					Future<?> unused = Executors.newSingleThreadExecutor().submit(() -> {
						end.await();
						observer.onNext(request);
						observer.onCompleted();
						return null;
					});
				}))
				.addMethod(STREAM, ServerCalls.asyncClientStreamingCall(received::stream))
				.build();
		}

	}

	@RestController
	static class Controller {

		private final CountDownLatch end;

		Controller(CountDownLatch end) {
			this.end = end;
		}

		@GetMapping("/wait")
		String await() throws InterruptedException {
			end.await();
			return "done";
		}

		@GetMapping("/actuator/health")
		String health() {
			return "up";
		}

		@PostMapping("/json")
		int json(@RequestBody Map<String, String> body) {
			return body.size();
		}

		@PostMapping("/length")
		String length(@RequestBody byte[] body) {
			return Integer.toString(body.length);
		}

	}

}
