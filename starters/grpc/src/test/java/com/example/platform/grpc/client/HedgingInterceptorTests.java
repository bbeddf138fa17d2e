package com.example.platform.grpc.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.platform.grpc.client.ClientSettings.CallPolicy;
import com.example.platform.grpc.client.ClientSettings.HedgingBudget;
import com.example.platform.grpc.client.ClientSettings.RetryBudget;
import com.example.platform.grpc.client.HedgingInterceptor.Outcome;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class HedgingInterceptorTests {

	private static final CallPolicy.Hedging SOON = new CallPolicy.Hedging(true, Duration.ofMillis(20), Duration.ZERO);

	private static final CallPolicy.Hedging NEVER_SO_SOON = new CallPolicy.Hedging(true, null, Duration.ofMinutes(1));

	private static final String SILENCE = "";

	private final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> read = method("Read", true);

	private final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> write = method("Write", false);

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicInteger cancelled = new AtomicInteger();

	// As seen by what stands behind, such as the metrics of attempts.
	private final AtomicInteger begun = new AtomicInteger();

	private final AtomicInteger ended = new AtomicInteger();

	private volatile int failsToBegin = -1;

	private final Map<Outcome, Integer> outcomes = new ConcurrentHashMap<>();

	// What attempts do, one after the other: silence, or end with a code. The rest
	// succeed.
	private final Queue<String> script = new ConcurrentLinkedQueue<>();

	private final Server server;

	private final ManagedChannel channel;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final ClientServiceConfigs configs = new ClientServiceConfigs(List::of, settings(SOON, 5, 20, null));

	private final HedgingInterceptor hedging = new HedgingInterceptor(configs, (authority) -> true, (task) -> task);

	HedgingInterceptorTests() throws IOException {
		server = ServerBuilder.forPort(0)
			.addService(ServerServiceDefinition.builder("test.Store")
				.addMethod(read, ServerCalls.asyncUnaryCall(this::answer))
				.addMethod(write, ServerCalls.asyncUnaryCall(this::answer))
				.build())
			.build()
			.start();
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort())
			.usePlaintext()
			.intercept(this::observed, hedging)
			.build();
		hedging.listen((service, outcome) -> outcomes.merge(outcome, 1, Integer::sum));
	}

	// What has a deadline need not wait for the connection.
	@BeforeEach
	void connect() {
		assertThat(call(write)).isEqualTo(Status.Code.OK);
		attempts.set(0);
		begun.set(0);
		ended.set(0);
	}

	@AfterEach
	void close() {
		channel.shutdownNow();
		server.shutdownNow();
		hedging.close();
		timer.shutdownNow();
	}

	@Test
	void aCallThatTakesLongIsAnsweredByASecondAttemptAndTheFirstGoesOn() {
		script.add(SILENCE);
		Context.CancellableContext request = Context.current().withCancellation();
		request.run(() -> assertThat(call(read, within(Duration.ofSeconds(20)))).isEqualTo(Status.Code.OK));
		request.cancel(null);
		assertThat(attempts).hasValue(2);
		assertThat(outcomes).containsExactly(Map.entry(Outcome.HEDGED, 1));
		// The next call ends after what the end of the request has set off.
		assertThat(call(read)).isEqualTo(Status.Code.OK);
		assertThat(cancelled).hasValue(0);
	}

	@Test
	void withoutADeadlineTheFirstIsCancelled() {
		script.add(SILENCE);
		assertThat(call(read)).isEqualTo(Status.Code.OK);
		await().untilAsserted(() -> assertThat(cancelled).hasValue(1));
	}

	@Test
	void aCallThatIsAnsweredSoonIsSentOnce() {
		configs.configure(settings(NEVER_SO_SOON, 5, 20, null));
		for (int i = 0; i < 50; i++) {
			assertThat(call(read)).isEqualTo(Status.Code.OK);
		}
		assertThat(attempts).hasValue(50);
	}

	@Test
	void whatIsSwitchedOffIsSentOnce() {
		configs.configure(settings(new CallPolicy.Hedging(false, Duration.ZERO, Duration.ZERO), 5, 20, null));
		script.add(SILENCE);
		assertThat(call(read, within(Duration.ofMillis(300)))).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(attempts).hasValue(1);
	}

	@Test
	void whatIsNotIdempotentIsSentOnce() {
		script.add(SILENCE);
		assertThat(call(write, within(Duration.ofMillis(300)))).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(attempts).hasValue(1);
	}

	@Test
	void whenAllIsSlowOnlyTheBudgetsAreSentTwice() {
		configs.configure(settings(SOON, 2, 1, null));
		script.addAll(Collections.nCopies(12, SILENCE));
		for (int i = 0; i < 9; i++) {
			call(read, within(Duration.ofMillis(300)));
		}
		assertThat(attempts).hasValue(12);
		assertThat(outcomes).containsEntry(Outcome.HEDGED, 2).containsEntry(Outcome.REPEATED, 1);
	}

	@Test
	void withoutHedgingBudgetAnInstanceThatHangsHasHalfOfTheTime() {
		configs.configure(settings(SOON, 0, 20, null));
		script.add(SILENCE);
		long started = System.nanoTime();
		assertThat(call(read, within(Duration.ofSeconds(2)))).isEqualTo(Status.Code.OK);
		assertThat(System.nanoTime() - started).isGreaterThan(900_000_000);
		assertThat(outcomes).containsOnlyKeys(Outcome.REFUSED, Outcome.REPEATED);
	}

	@Test
	void bothAttemptsHaveTheDeadlineOfTheCall() {
		configs.configure(settings(SOON, 5, 20, Duration.ofMillis(400)));
		script.addAll(List.of(SILENCE, SILENCE));
		assertThat(call(read)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(attempts).hasValue(2);
		await().untilAsserted(() -> assertThat(cancelled).hasValue(2));
	}

	@Test
	void theDeadlineOfTheCallerCountsToo() {
		script.addAll(List.of(SILENCE, SILENCE));
		Context.current()
			.withDeadlineAfter(200, TimeUnit.MILLISECONDS, timer)
			.run(() -> assertThat(call(read)).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
		await().untilAsserted(() -> assertThat(cancelled).hasValue(2));
	}

	@ParameterizedTest
	@EnumSource(names = { "UNAVAILABLE", "INTERNAL", "RESOURCE_EXHAUSTED" })
	void whatAnotherInstanceMayDoBetterWaitsForTheOtherAttempt(Status.Code code) {
		script.add("later " + code);
		assertThat(call(read)).isEqualTo(Status.Code.OK);
		assertThat(attempts).hasValue(2);
	}

	@Test
	void whatIsTheCallersFaultIsAnAnswer() {
		script.addAll(List.of("later INVALID_ARGUMENT", SILENCE));
		assertThat(call(read)).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(attempts).hasValue(2);
	}

	@Test
	void whoGivesUpCancelsBothAttempts() {
		script.addAll(List.of(SILENCE, SILENCE));
		Context.CancellableContext request = Context.current().withCancellation();
		Thread caller = new Thread(() -> request.run(() -> call(read)));
		caller.start();
		await().untilAsserted(() -> assertThat(attempts).hasValue(2));
		request.cancel(null);
		await().untilAsserted(() -> assertThat(cancelled).hasValue(2));
		await().until(() -> !caller.isAlive());
	}

	@Test
	void whoHasGoneBeforeGetsNoAttempt() {
		script.add(SILENCE);
		Context.CancellableContext request = Context.current().withCancellation();
		request.cancel(null);
		request.run(() -> assertThat(call(read)).isEqualTo(Status.Code.CANCELLED));
	}

	@Test
	void whatStandsBehindHearsHowEachAttemptEnds() {
		script.add(SILENCE);
		assertThat(call(read, within(Duration.ofMillis(500)))).isEqualTo(Status.Code.OK);
		assertThat(begun).hasValue(2);
		await().untilAsserted(() -> assertThat(ended).hasValue(2));
	}

	@Test
	void aSecondAttemptThatCannotBeMadeIsNotWaitedFor() {
		failsToBegin = 2;
		script.add(SILENCE);
		Status.Code code = assertTimeoutPreemptively(Duration.ofSeconds(20),
				() -> call(read, within(Duration.ofMillis(500))));
		assertThat(code).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(begun).hasValue(2);
	}

	private <I, O> ClientCall<I, O> observed(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
		return new SimpleForwardingClientCall<>(next.newCall(method, options)) {

			@Override
			public void start(Listener<O> listener, Metadata headers) {
				if (begun.incrementAndGet() == failsToBegin) {
					throw new IllegalStateException("as planned");
				}
				super.start(new SimpleForwardingClientCallListener<>(listener) {

					@Override
					public void onClose(Status status, Metadata trailers) {
						ended.incrementAndGet();
						super.onClose(status, trailers);
					}

				}, headers);
			}

		};
	}

	private void answer(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
		attempts.incrementAndGet();
		((ServerCallStreamObserver<HealthCheckResponse>) observer).setOnCancelHandler(cancelled::incrementAndGet);
		String next = script.poll();
		if (next == null) {
			observer.onNext(HealthCheckResponse.getDefaultInstance());
			observer.onCompleted();
		}
		else if (next.startsWith("later ")) {
			await().until(() -> attempts.get() == 2);
			observer.onError(Status.Code.valueOf(next.substring(6)).toStatus().asException());
		}
	}

	private Status.Code call(MethodDescriptor<HealthCheckRequest, HealthCheckResponse> method) {
		return call(method, CallOptions.DEFAULT);
	}

	private Status.Code call(MethodDescriptor<HealthCheckRequest, HealthCheckResponse> method, CallOptions options) {
		StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class,
				() -> ClientCalls.blockingUnaryCall(channel, method, options, HealthCheckRequest.getDefaultInstance()));
		return (failure != null) ? failure.getStatus().getCode() : Status.Code.OK;
	}

	private static CallOptions within(Duration time) {
		return CallOptions.DEFAULT.withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static ClientSettings settings(CallPolicy.Hedging policy, int hedgingTokens, int retryTokens,
			@Nullable Duration deadline) {
		return new ClientSettings(new CallPolicy(deadline, null, null, policy), Map.of(),
				new RetryBudget(retryTokens, 0), new HedgingBudget(hedgingTokens, 0));
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
