package com.example.platform.grpc.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.grpc.client.ClientSettings.CallPolicy;
import com.example.platform.grpc.client.ClientSettings.HedgingBudget;
import com.example.platform.grpc.client.ClientSettings.RetryBudget;
import com.example.platform.grpc.client.ClientSettings.ServicePolicy;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClientServiceConfigsTests {

	private static final CallPolicy.Retry RETRY = new CallPolicy.Retry(4, Duration.ofMillis(1), Duration.ofMillis(5),
			1.5, List.of(Status.Code.UNAVAILABLE));

	private static final RetryBudget BUDGET = new RetryBudget(20, 0.1);

	private static final HedgingBudget HEDGING = new HedgingBudget(5, 0.02);

	private final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> read = method("Read", true);

	private final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> write = method("Write", false);

	private final ServiceDescriptor contract = ServiceDescriptor.newBuilder("test.Store")
		.addMethod(read)
		.addMethod(write)
		.build();

	private final AtomicInteger attempts = new AtomicInteger();

	private volatile int failures;

	private final Server server;

	private ManagedChannel channel;

	ClientServiceConfigsTests() throws IOException {
		server = ServerBuilder.forPort(0)
			.addService(ServerServiceDefinition.builder("test.Store")
				.addMethod(read, ServerCalls.asyncUnaryCall(this::answer))
				.addMethod(write, ServerCalls.asyncUnaryCall(this::answer))
				.build())
			.build()
			.start();
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
	}

	@AfterEach
	void close() {
		channel.shutdownNow();
		server.shutdownNow();
	}

	@Test
	void anIdempotentMethodIsRepeatedAndAnotherIsNot() {
		connect(settings(new CallPolicy(null, null, RETRY, null), BUDGET));
		failures = 3;
		call(read);
		assertThat(attempts).hasValue(4);
		failures = 3;
		attempts.set(0);
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(write));
		assertThat(attempts).hasValue(1);
	}

	@Test
	void theBudgetEndsTheRepetitions() {
		connect(settings(new CallPolicy(null, null, RETRY, null), new RetryBudget(10, 0.1)));
		failures = Integer.MAX_VALUE;
		for (int i = 0; i < 100; i++) {
			assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(read));
		}
		assertThat(attempts.get()).isBetween(101, 110);
	}

	@Test
	void aCallEndsAtItsDeadline() {
		connect(settings(new CallPolicy(Duration.ofMillis(50), null, null, null), BUDGET));
		failures = -1;
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(read))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
	}

	@Test
	void durationsAreWrittenWithAllTheirDigits() {
		ClientServiceConfigs configs = configs(
				settings(new CallPolicy(Duration.ofMillis(50), true, null, null), BUDGET));
		assertThat(configs.of("store").toString()).contains("timeout=0.050000000s").contains("waitForReady=true");
		configs = configs(settings(new CallPolicy(Duration.ofMillis(1050), null, null, null), BUDGET));
		assertThat(configs.of("store").toString()).contains("timeout=1.050000000s");
	}

	@Test
	void whatAMethodSaysGoesBeforeItsServiceAndThatBeforeTheDefaults() {
		CallPolicy defaults = new CallPolicy(Duration.ofSeconds(1), true, RETRY, null);
		CallPolicy service = new CallPolicy(Duration.ofSeconds(2), null, null, null);
		CallPolicy method = new CallPolicy(null, null, null,
				new CallPolicy.Hedging(true, Duration.ofMillis(20), Duration.ZERO));
		ClientSettings settings = new ClientSettings(defaults,
				Map.of("store", new ServicePolicy(service, Map.of("Read", method), null)), BUDGET, HEDGING);
		assertThat(settings.policy("store", "Read", MethodType.UNARY))
			.isEqualTo(new CallPolicy(Duration.ofSeconds(2), true, RETRY, method.hedging()));
		assertThat(settings.policy("store", "Write", MethodType.UNARY))
			.isEqualTo(new CallPolicy(Duration.ofSeconds(2), true, RETRY, null));
		assertThat(settings.policy("other", "Read", MethodType.UNARY)).isEqualTo(defaults);
	}

	@Test
	void aStreamHasADeadlineOnlyWhereItsOwnMethodSaysSo() {
		CallPolicy some = new CallPolicy(Duration.ofSeconds(1), true, RETRY, null);
		ClientSettings settings = new ClientSettings(some,
				Map.of("store", new ServicePolicy(some, Map.of("Export", some), null)), BUDGET, HEDGING);
		assertThat(settings.policy("store", "Watch", MethodType.SERVER_STREAMING))
			.isEqualTo(new CallPolicy(null, true, RETRY, null));
		assertThat(settings.policy("store", "Export", MethodType.SERVER_STREAMING)).isEqualTo(some);
	}

	@Test
	void aMethodThatMayNotBeRepeatedIsNotConfiguredToBe() {
		ClientServiceConfigs configs = configs(settings(CallPolicy.NONE, BUDGET));
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> configs(ofMethod("Write", RETRY)))
			.withMessageContaining("platform.grpc.client.services.store.methods.Write")
			.withMessageContaining("test.Store/Write")
			.withMessageContaining("option idempotency_level = IDEMPOTENT;");
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> configs.check(ofMethod("Write", RETRY)));
		configs.check(ofMethod("Write", new CallPolicy.Retry(1, RETRY.initialBackoff(), RETRY.maxBackoff(), 2,
				List.of(Status.Code.UNAVAILABLE))));
		configs.check(ofMethod("Read", RETRY));
		configs.check(ofMethod("OfAnotherProcess", RETRY));
	}

	@Test
	void channelsHearOfAChange() {
		ClientServiceConfigs configs = configs(settings(CallPolicy.NONE, BUDGET));
		AtomicInteger heard = new AtomicInteger();
		var subscription = configs.subscribe(heard::incrementAndGet);
		configs.configure(settings(new CallPolicy(Duration.ofSeconds(3), null, null, null), BUDGET));
		assertThat(configs.of("store").toString()).contains("timeout=3.");
		subscription.close();
		configs.configure(settings(CallPolicy.NONE, BUDGET));
		assertThat(heard).hasValue(1);
	}

	@Test
	void theContractOfAGeneratedStubIsFound() {
		assertThat(StubContract.of(HealthGrpc.HealthBlockingStub.class)).contains(HealthGrpc.getServiceDescriptor());
	}

	// Fails as often as told; a negative number swallows the first attempt.
	private void answer(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
		int attempt = attempts.incrementAndGet();
		if (failures < 0 && attempt == 1) {
			return;
		}
		if (attempt <= failures) {
			observer.onError(Status.UNAVAILABLE.asException());
			return;
		}
		observer.onNext(HealthCheckResponse.getDefaultInstance());
		observer.onCompleted();
	}

	private void connect(ClientSettings settings) {
		channel.shutdownNow();
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
			.defaultServiceConfig(configs(settings).of("store"))
			.usePlaintext()
			.build();
	}

	private void call(MethodDescriptor<HealthCheckRequest, HealthCheckResponse> method) {
		ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, HealthCheckRequest.getDefaultInstance());
	}

	private ClientServiceConfigs configs(ClientSettings settings) {
		return new ClientServiceConfigs(() -> List.of(contract), settings);
	}

	private static ClientSettings settings(CallPolicy defaults, RetryBudget budget) {
		return new ClientSettings(defaults, Map.of(), budget, HEDGING);
	}

	private static ClientSettings ofMethod(String method, CallPolicy.Retry retry) {
		return new ClientSettings(null,
				Map.of("store", new ServicePolicy(null, Map.of(method, new CallPolicy(null, null, retry, null)), null)),
				BUDGET, HEDGING);
	}

	private static MethodDescriptor<HealthCheckRequest, HealthCheckResponse> method(String name, boolean idempotent) {
		return HealthGrpc.getCheckMethod()
			.toBuilder()
			.setFullMethodName("test.Store/" + name)
			.setIdempotent(idempotent)
			.setSafe(false)
			.build();
	}

}
