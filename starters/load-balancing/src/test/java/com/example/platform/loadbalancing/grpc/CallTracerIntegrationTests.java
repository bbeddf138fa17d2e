package com.example.platform.loadbalancing.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceDirectory.Subscription;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.grpc.resolver.ServiceConfigs;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.TestServices;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Whom a gRPC call that fails is charged to.
 */
class CallTracerIntegrationTests {

	private static final long DEADLINE = 150;

	private final Consul consul = new Consul(TestServers.consul().address(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = TestServices.of(directory);

	private final CalledServiceLoadBalancerProvider provider = new CalledServiceLoadBalancerProvider(services);

	private final MethodConfigs configs = new MethodConfigs(provider.serviceConfigs());

	private final DiscoveryNameResolverProvider resolver = new DiscoveryNameResolverProvider(directory, configs);

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final ScriptedServer server = new ScriptedServer();

	private final String service;

	private @Nullable ManagedChannel channel;

	CallTracerIntegrationTests(TestInfo test) throws IOException {
		service = (test.getTestMethod().orElseThrow().getName() + test.getDisplayName().replaceAll("\\W", ""))
			.toLowerCase(Locale.ROOT);
	}

	@AfterEach
	void close() {
		timer.shutdownNow();
		if (channel != null) {
			channel.shutdownNow();
		}
		server.close();
		provider.close();
		resolver.close();
		services.close();
		directory.close();
		consul.close();
	}

	@ParameterizedTest
	@CsvSource({ "hang, true", "headers, true", "hang, false", "headers, false" })
	void aDeadlineThatAnInstanceMissesIsItsFailureAndItsResponseTime(String script, boolean retry) {
		connect((builder) -> retry ? builder : builder.disableRetry());
		assertThat(call(MethodType.UNARY, script, due())).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(charged()).isEqualTo(1);
		assertThat(instance().responseMillis()).isGreaterThan(0.8 * DEADLINE);
	}

	@Test
	void soItIsWhenTheConfigurationSetsTheDeadline() {
		configs.method = Map.of("timeout", "0.150000000s");
		connect();
		assertThat(call(MethodType.UNARY, "hang", CallOptions.DEFAULT)).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(charged()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "hang", "headers" })
	void aCallerInAHurryChargesNobody(String script) {
		connect();
		Deadline callers = Deadline.after(30, TimeUnit.MILLISECONDS);
		Context.current().withDeadline(callers, timer).run(() -> {
			assertThat(call(MethodType.UNARY, script, due())).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			assertThat(call(MethodType.UNARY, script, CallOptions.DEFAULT.withDeadline(callers)))
				.isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		});
		assertThat(charged()).isZero();
	}

	@Test
	void aCallerWithMoreTimeThanTheCallChangesNothing() {
		connect();
		Context.current()
			.withDeadlineAfter(1, TimeUnit.MINUTES, timer)
			.run(() -> call(MethodType.UNARY, "hang", due()));
		assertThat(charged()).isEqualTo(1);
	}

	@Test
	void aCallThatIsCancelledChargesNobody() {
		connect();
		Context.CancellableContext context = Context.current().withCancellation();
		var unused = timer.schedule(() -> context.cancel(null), 50, TimeUnit.MILLISECONDS);
		context.run(() -> assertThat(call(MethodType.UNARY, "hang", inTime())).isEqualTo(Status.Code.CANCELLED));
		assertThat(charged()).isZero();
	}

	@Test
	void anAttemptThatBeganLateChargesNobody() throws Exception {
		channel = builder().intercept(CallProgress.interceptor()).build();
		ManagedChannel waiting = channel;
		Future<?> call = timer
			.submit(() -> ClientCalls.blockingUnaryCall(waiting, ScriptedServer.method(MethodType.UNARY),
					CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(1, TimeUnit.SECONDS),
					ScriptedServer.message("hang")));
		await().pollDelay(Duration.ofMillis(700)).until(() -> true);
		register();
		await().until(call::isDone);
		assertThat(server.calls()).isEqualTo(1);
		assertThat(charged()).isZero();
	}

	@Test
	void ofHedgedAttemptsTheOneThatHadTheTimeIsCharged() {
		configs.method = Map.of("hedgingPolicy", Map.of("maxAttempts", 2.0, "hedgingDelay", "0.100000000s",
				"nonFatalStatusCodes", List.of("UNAVAILABLE")));
		connect((builder) -> builder.intercept(CallProgress.interceptor()));
		call(MethodType.UNARY, "hang", due());
		assertThat(server.calls()).isEqualTo(2);
		assertThat(charged()).isEqualTo(1);
	}

	@Test
	void aHedgedAttemptThatIsOvertakenChargesNobody() {
		configs.method = Map.of("hedgingPolicy", Map.of("maxAttempts", 2.0, "hedgingDelay", "0.010000000s",
				"nonFatalStatusCodes", List.of("UNAVAILABLE")));
		connect();
		assertThat(call(MethodType.UNARY, "later", inTime())).isEqualTo(Status.Code.OK);
		assertThat(server.calls()).isEqualTo(2);
		assertThat(charged()).isZero();
	}

	@Test
	void anAttemptThatIsRepeatedIsChargedForItself() {
		configs.method = Map.of("retryPolicy",
				Map.of("maxAttempts", 2.0, "initialBackoff", "0.010000000s", "maxBackoff", "0.010000000s",
						"backoffMultiplier", 1.0, "retryableStatusCodes", List.of("UNAVAILABLE")));
		connect();
		assertThat(call(MethodType.UNARY, "UNAVAILABLE", inTime())).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(charged()).isEqualTo(2);
	}

	@Test
	void anAttemptThatIsNeverMadeIsNotInFlight() {
		configs.method = Map.of("retryPolicy", Map.of("maxAttempts", 2.0, "initialBackoff", "10s", "maxBackoff", "10s",
				"backoffMultiplier", 1.0, "retryableStatusCodes", List.of("UNAVAILABLE")));
		connect();
		assertThat(call(MethodType.UNARY, "UNAVAILABLE", due())).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(server.calls()).isEqualTo(1);
		assertThat(charged()).isEqualTo(1);
	}

	// Many, so that some end just when gRPC has chosen an instance for them.
	@ParameterizedTest
	@ValueSource(strings = { "deadline", "context", "cancel" })
	void callsThatEndWhileTheConnectionComesAreNotInFlight(String how) {
		channel = builder().intercept(CallProgress.interceptor()).build();
		List<End> ends = new ArrayList<>();
		for (int i = 0; i < 3_000; i++) {
			int millis = 100 + i / 3;
			End end = new End();
			ends.add(end);
			CallOptions options = CallOptions.DEFAULT.withWaitForReady();
			Context.CancellableContext context = Context.current().withCancellation();
			context.run(() -> {
				ClientCall<?, ?> call = start(channel(), MethodType.UNARY, "",
						how.equals("deadline") ? options.withDeadlineAfter(millis, TimeUnit.MILLISECONDS) : options,
						end);
				var unused = timer.schedule(() -> {
					switch (how) {
						case "context" -> context.cancel(null);
						case "cancel" -> call.cancel("not needed any more", null);
						default -> {
						}
					}
				}, millis, TimeUnit.MILLISECONDS);
			});
		}
		register();
		ends.forEach((end) -> end.status.join());
		await().untilAsserted(() -> assertThat(instance().inFlight()).isZero());
	}

	@ParameterizedTest
	@EnumSource(value = MethodType.class, mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
	void aStreamThatHangsIsChargedLikeAnyCall(MethodType type) {
		connect((builder) -> builder.intercept(CallProgress.interceptor()));
		call(type, "hang", due());
		assertThat(charged()).isEqualTo(1);
	}

	@Test
	void aStreamThatFallsSilentIsChargedAndOneThatTalksToTheEndIsNot() {
		connect();
		call(MethodType.SERVER_STREAMING, "talk", CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS));
		assertThat(charged()).isZero();
		call(MethodType.SERVER_STREAMING, "first", due());
		assertThat(charged()).isEqualTo(1);
	}

	@Test
	void aClientThatNeverFinishesItsStreamChargesNobody() {
		connect((builder) -> builder.intercept(CallProgress.interceptor()));
		End end = new End();
		ClientCall<HealthCheckRequest, HealthCheckRequest> call = channel()
			.newCall(ScriptedServer.method(MethodType.CLIENT_STREAMING), due());
		call.start(end, new Metadata());
		call.sendMessage(ScriptedServer.message("hang"));
		assertThat(end.status.join().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(charged()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "CANCELLED", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
			"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
			"UNIMPLEMENTED", "UNAUTHENTICATED", "retry-info" })
	void anAnswerThatSaysNothingOfTheInstanceIsNotCharged(String script) {
		connect();
		call(MethodType.UNARY, script, inTime());
		assertThat(charged()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UNKNOWN", "INTERNAL", "UNAVAILABLE", "DATA_LOSS" })
	void anAnswerThatIsTheInstancesFaultIsCharged(String script) {
		connect();
		call(MethodType.UNARY, script, inTime());
		assertThat(charged()).isEqualTo(1);
	}

	@Test
	void whatIsTooLargeForEitherSideChargesNobody() {
		Metadata large = new Metadata();
		large.put(Metadata.Key.of("large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(20_000));
		connect();
		assertThat(call(MethodType.UNARY, "x".repeat(2_000_000), inTime())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(call(MethodType.UNARY, "large", inTime().withMaxInboundMessageSize(10_000)))
			.isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(call(ClientInterceptors.intercept(channel(), MetadataUtils.newAttachHeadersInterceptor(large)),
				MethodType.UNARY, "", inTime()))
			.isNotEqualTo(Status.Code.OK);
		assertThat(charged()).isZero();
	}

	@Test
	void anAnswerThatTheClientCannotDecodeChargesNobody() {
		connect();
		var method = ScriptedServer.method(MethodType.UNARY)
			.toBuilder(HealthGrpc.getCheckMethod().getRequestMarshaller(), new Marshaller<HealthCheckRequest>() {

				@Override
				public InputStream stream(HealthCheckRequest value) {
					return InputStream.nullInputStream();
				}

				@Override
				public HealthCheckRequest parse(InputStream stream) {
					throw Status.INTERNAL.asRuntimeException();
				}

			})
			.build();
		assertThatExceptionOfType(StatusRuntimeException.class)
			.isThrownBy(() -> ClientCalls.blockingUnaryCall(channel(), method, inTime(), ScriptedServer.message("")));
		assertThat(charged()).isZero();
	}

	private static CallOptions due() {
		return CallOptions.DEFAULT.withDeadlineAfter(DEADLINE, TimeUnit.MILLISECONDS);
	}

	// For calls that are to be answered, however slow the machine is.
	private static CallOptions inTime() {
		return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
	}

	private void register() {
		registry.register(service, service, 1, Map.of("grpc_port", "" + server.port()));
	}

	private ManagedChannelBuilder<?> builder() {
		return ManagedChannelBuilder.forTarget("discovery:///" + service).usePlaintext();
	}

	private void connect() {
		connect((builder) -> builder);
	}

	private void connect(UnaryOperator<ManagedChannelBuilder<?>> customizer) {
		register();
		channel = customizer.apply(builder()).build();
		await().until(() -> channel().getState(true) == ConnectivityState.READY);
	}

	private ManagedChannel channel() {
		return Objects.requireNonNull(channel);
	}

	private Status.Code call(MethodType type, String script, CallOptions options) {
		return call(channel(), type, script, options);
	}

	private static Status.Code call(Channel channel, MethodType type, String script, CallOptions options) {
		End end = new End();
		start(channel, type, script, options, end);
		return end.status.join().getCode();
	}

	private static ClientCall<?, ?> start(Channel channel, MethodType type, String script, CallOptions options,
			End end) {
		ClientCall<HealthCheckRequest, HealthCheckRequest> call = channel.newCall(ScriptedServer.method(type), options);
		call.start(end, new Metadata());
		call.request(1_000);
		call.sendMessage(ScriptedServer.message(script));
		call.halfClose();
		return call;
	}

	private InstanceView instance() {
		return services.service(service).view().get(0);
	}

	// All calls have ended by then, of which the last may still have to be counted.
	private long charged() {
		await().untilAsserted(() -> assertThat(instance().inFlight()).isZero());
		return instance().failures();
	}

	private static final class End extends ClientCall.Listener<HealthCheckRequest> {

		private final CompletableFuture<Status> status = new CompletableFuture<>();

		@Override
		public void onClose(Status status, Metadata trailers) {
			this.status.complete(status);
		}

	}

	/** The policy, and what a test says of the method. */
	private static final class MethodConfigs implements ServiceConfigs {

		private final ServiceConfigs policies;

		private volatile Map<String, ?> method = Map.of();

		private MethodConfigs(ServiceConfigs policies) {
			this.policies = policies;
		}

		@Override
		public Map<String, ?> of(String service) {
			Map<String, Object> config = new HashMap<>(policies.of(service));
			Map<String, Object> named = new HashMap<>(method);
			named.put("name", List.of(Map.of("service", "test")));
			config.put("methodConfig", List.of(named));
			return config;
		}

		@Override
		public Subscription subscribe(Runnable listener) {
			return policies.subscribe(listener);
		}

	}

}
