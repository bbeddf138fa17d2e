package com.example.platform.grpc.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.example.platform.grpc.GrpcErrors;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.validation.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a failed call is answered with, and that the metrics say the same.
 */
@ExtendWith(OutputCaptureExtension.class)
class GrpcFailuresIntegrationTests {

	private static final Marshaller<InputStream> BYTES = new Marshaller<>() {

		@Override
		public InputStream stream(InputStream value) {
			return value;
		}

		@Override
		public InputStream parse(InputStream stream) {
			return stream;
		}

	};

	private static final List<Failure> FAILURES = List.of(
			new Failure(new NumberFormatException(), "NOT_FOUND", "caller"),
			new Failure(new ConstraintViolationException(Set.of()), "INVALID_ARGUMENT", "caller"),
			new Failure(new TransientDataAccessResourceException("as expected"), "UNAVAILABLE", "dependency"),
			new Failure(new QueryTimeoutException("as expected"), "DEADLINE_EXCEEDED", "dependency"),
			new Failure(new CannotCreateTransactionException("begin", new QueryTimeoutException("as expected")),
					"DEADLINE_EXCEEDED", "dependency"),
			new Failure(Status.UNAVAILABLE.asRuntimeException(), "UNAVAILABLE", "instance"),
			new Failure(Status.ALREADY_EXISTS.asException(), "ALREADY_EXISTS", "caller"),
			new Failure(Status.RESOURCE_EXHAUSTED.asException(), "RESOURCE_EXHAUSTED", "caller"),
			new Failure(Status.DEADLINE_EXCEEDED.asException(), "DEADLINE_EXCEEDED", "dependency"),
			new Failure(new IllegalStateException("as expected"), "INTERNAL", "instance"));

	private CompressorRegistry compressors = CompressorRegistry.getDefaultInstance();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Failing service = new Failing();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ObservationAutoConfiguration.class,
				GrpcServerAutoConfiguration.class, GrpcServerObservationAutoConfiguration.class,
				PlatformGrpcAutoConfiguration.class))
		.withBean(MeterRegistry.class, () -> meters)
		.withBean(BindableService.class, () -> service)
		.withBean("own", GrpcExceptionHandler.class, () -> GrpcFailuresIntegrationTests::own)
		.withBean(DefaultMeterObservationHandler.class, () -> new DefaultMeterObservationHandler(meters))
		.withPropertyValues("spring.grpc.server.port=0");

	private static @Nullable StatusException own(Throwable exception) {
		return (exception instanceof NumberFormatException)
				? GrpcErrors.of(Status.Code.NOT_FOUND, "user_id", "is unknown") : null;
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
	void metricsSayWhatWasSent(MethodType type) {
		run((channel) -> {
			for (Failure expected : FAILURES) {
				for (boolean thrown : new boolean[] { false, true }) {
					meters.clear();
					service.failure = expected.failure;
					service.thrown = thrown;
					assertThat(call(channel, type, new byte[0])).hasToString(expected.status);
					assertThatMetricsSay(expected.status, expected.fault);
				}
			}
		});
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
	void bytesThatCannotBeDecodedAreTheCallersFault(MethodType type, CapturedOutput output) {
		run((channel) -> {
			assertThat(call(channel, type, new byte[] { 0x0a, 0x7f, 1 })).hasToString("INVALID_ARGUMENT");
			assertThatMetricsSay("INVALID_ARGUMENT", "caller");
		});
		assertThat(output.getAll().lines()).filteredOn((line) -> line.contains("could not be decoded"))
			.singleElement()
			.asString()
			.contains("test/" + type);
		assertThat(output).doesNotContain("\tat ");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
	void whatIsNoGzipIsTheCallersFault(MethodType type, CapturedOutput output) {
		CompressorRegistry claiming = CompressorRegistry.newEmptyInstance();
		claiming.register(new Compressor() {

			@Override
			public String getMessageEncoding() {
				return "gzip";
			}

			@Override
			public OutputStream compress(OutputStream out) {
				return out;
			}

		});
		compressors = claiming;
		run((channel) -> {
			assertThat(call(channel, type, new byte[] { 0x0a, 1, 1 }, CallOptions.DEFAULT.withCompression("gzip")))
				.hasToString("INVALID_ARGUMENT");
			assertThatMetricsSay("INVALID_ARGUMENT", "caller");
		});
		assertThat(output).contains("could not be decoded").doesNotContain("\tat ");
	}

	@Test
	void theHandlerOfAStreamIsToldWhenAMessageOfItCannotBeDecoded() {
		run((channel) -> {
			call(channel, MethodType.CLIENT_STREAMING, new byte[] { 0x0a, 0x7f, 1 });
			await().untilAsserted(() -> assertThat(service.ended).isNotNull());
		});
	}

	@Test
	void aMessageThatUnpacksToMoreThanIsAllowedIsTheCallersFault(CapturedOutput output) {
		byte[] large = HealthCheckRequest.newBuilder().setService("x".repeat(5_000_000)).build().toByteArray();
		run((channel) -> {
			assertThat(call(channel, MethodType.UNARY, large, CallOptions.DEFAULT.withCompression("gzip")))
				.hasToString("RESOURCE_EXHAUSTED");
			assertThatMetricsSay("RESOURCE_EXHAUSTED", "caller");
		});
		assertThat(output).doesNotContain("\tat ");
	}

	@Test
	void aCallWhoseCallerWentAwayIsCancelled() {
		service.hangs = true;
		run((channel) -> {
			assertThat(call(channel, MethodType.UNARY, new byte[0],
					CallOptions.DEFAULT.withDeadlineAfter(200, TimeUnit.MILLISECONDS)))
				.hasToString("DEADLINE_EXCEEDED");
			assertThatMetricsSay("CANCELLED", "caller");
		});
	}

	private void run(Consumer<ManagedChannel> use) {
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			ManagedChannel channel = ManagedChannelBuilder
				.forAddress("127.0.0.1", context.getBean(GrpcServerLifecycle.class).getPort())
				.usePlaintext()
				.compressorRegistry(compressors)
				.build();
			try {
				use.accept(channel);
			}
			finally {
				channel.shutdownNow();
			}
		});
	}

	private void assertThatMetricsSay(String status, String fault) {
		await().untilAsserted(() -> assertThat(meters.find("grpc.server").timers()).singleElement()
			.extracting(Meter::getId)
			.satisfies((id) -> {
				assertThat(id.getTag("grpc.status_code")).isEqualTo(status);
				assertThat(id.getTag("fault")).isEqualTo(fault);
			}));
	}

	private static Status.Code call(ManagedChannel channel, MethodType type, byte[] message) {
		return call(channel, type, message, CallOptions.DEFAULT);
	}

	// The client need not know the type: one message, and the first of the answer.
	private static Status.Code call(ManagedChannel channel, MethodType type, byte[] message, CallOptions options) {
		MethodDescriptor<InputStream, InputStream> method = MethodDescriptor.<InputStream, InputStream>newBuilder()
			.setType(MethodType.UNARY)
			.setFullMethodName("test/" + type)
			.setRequestMarshaller(BYTES)
			.setResponseMarshaller(BYTES)
			.build();
		try {
			ClientCalls.blockingUnaryCall(channel, method, options, new ByteArrayInputStream(message));
			return Status.Code.OK;
		}
		catch (StatusRuntimeException ex) {
			return ex.getStatus().getCode();
		}
	}

	private record Failure(Throwable failure, String status, String fault) {
	}

	/**
	 * Fails as it is told, by methods of each type.
	 */
	private static final class Failing implements BindableService {

		private volatile Throwable failure = new IllegalStateException("nothing is expected to arrive");

		private volatile boolean thrown;

		private volatile boolean hangs;

		private volatile @Nullable Throwable ended;

		@Override
		public ServerServiceDefinition bindService() {
			return ServerServiceDefinition.builder("test")
				.addMethod(method(MethodType.UNARY), ServerCalls.asyncUnaryCall(this::fail))
				.addMethod(method(MethodType.SERVER_STREAMING), ServerCalls.asyncServerStreamingCall(this::fail))
				.addMethod(method(MethodType.CLIENT_STREAMING), ServerCalls.asyncClientStreamingCall(this::stream))
				.addMethod(method(MethodType.BIDI_STREAMING), ServerCalls.asyncBidiStreamingCall(this::stream))
				.build();
		}

		private static MethodDescriptor<HealthCheckRequest, HealthCheckRequest> method(MethodType type) {
			Marshaller<HealthCheckRequest> messages = HealthGrpc.getCheckMethod().getRequestMarshaller();
			return MethodDescriptor.<HealthCheckRequest, HealthCheckRequest>newBuilder()
				.setType(type)
				.setFullMethodName("test/" + type)
				.setRequestMarshaller(messages)
				.setResponseMarshaller(messages)
				.build();
		}

		private void fail(HealthCheckRequest request, StreamObserver<HealthCheckRequest> answer) {
			if (hangs) {
				return;
			}
			if (thrown) {
				sneak(failure);
			}
			answer.onError(failure);
		}

		@SuppressWarnings("unchecked") // a handler in Kotlin or with Lombok throws what
										// it likes
		private static <T extends Throwable> void sneak(Throwable failure) throws T {
			throw (T) failure;
		}

		private StreamObserver<HealthCheckRequest> stream(StreamObserver<HealthCheckRequest> answer) {
			return new StreamObserver<>() {

				@Override
				public void onNext(HealthCheckRequest message) {
					fail(message, answer);
				}

				@Override
				public void onError(Throwable error) {
					ended = error;
				}

				@Override
				public void onCompleted() {
					// It has failed at the first message.
				}

			};
		}

	}

}
