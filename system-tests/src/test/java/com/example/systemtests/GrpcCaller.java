package com.example.systemtests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.example.platform.consul.Consul;
import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.grpc.resolver.DiscoveryNameResolverProvider;
import com.example.platform.loadbalancing.BalancingSettings;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.loadbalancing.grpc.CallProgress;
import com.example.platform.loadbalancing.grpc.CalledServiceLoadBalancerProvider;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;

/**
 * A caller of user-service and order-service over gRPC that balances as the services do,
 * and sends what no stub would.
 */
final class GrpcCaller implements AutoCloseable {

	private static final Marshaller<byte[]> BYTES = new Marshaller<>() {

		@Override
		public InputStream stream(byte[] value) {
			return new ByteArrayInputStream(value);
		}

		@Override
		public byte[] parse(InputStream stream) {
			return new byte[0];
		}

	};

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final Consul consul = new Consul(RunningSystem.system().consul(), null);

	private final ServiceDirectory directory = new ServiceDirectory(consul, Duration.ofSeconds(1));

	private final CalledServices services = new CalledServices(directory, "caller-1",
			(service) -> new BalancingSettings(PolicyName.ROUND_ROBIN, PolicyOptions.DEFAULTS, null, Duration.ZERO,
					new BalancingSettings.Zone(null, 1, 0.5), new BalancingSettings.Canary(null, "true", 0), 0,
					new BalancingSettings.Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
							Duration.ofMinutes(1), 0.5)),
			System::nanoTime, () -> ThreadLocalRandom.current().nextLong());

	private final CalledServiceLoadBalancerProvider provider = new CalledServiceLoadBalancerProvider(services);

	private final DiscoveryNameResolverProvider resolver = new DiscoveryNameResolverProvider(directory,
			provider.serviceConfigs());

	private final Map<String, ManagedChannel> channels = Map.of("user", channel("user-service"), "order",
			channel("order-service"));

	@Override
	public void close() {
		channels.values().forEach(ManagedChannel::shutdownNow);
		resolver.close();
		provider.close();
		services.close();
		directory.close();
		consul.close();
		timer.shutdownNow();
	}

	/** Makes a call whose caller has next to no time. */
	Status.Code inAHurry(String method, byte[] message) throws Exception {
		return Context.current()
			.withDeadlineAfter(ThreadLocalRandom.current().nextLong(5_000_000), TimeUnit.NANOSECONDS, timer)
			.call(() -> call(method, CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS), message));
	}

	/** Begins a stream and never ends it. */
	Status.Code unfinished(String method, byte[] message) {
		End end = new End();
		ClientCall<byte[], byte[]> call = newCall(method,
				CallOptions.DEFAULT.withDeadlineAfter(200, TimeUnit.MILLISECONDS));
		call.start(end, new Metadata());
		call.sendMessage(message);
		return end.code.join();
	}

	List<InstanceView> instances() {
		return Stream.of("user-service", "order-service")
			.flatMap((service) -> services.service(service).view().stream())
			.toList();
	}

	Status.Code call(String method, CallOptions options, byte[]... messages) {
		return call(method, options, new Metadata(), messages);
	}

	Status.Code call(String method, CallOptions options, Metadata metadata, byte[]... messages) {
		End end = new End();
		ClientCall<byte[], byte[]> call = newCall(method, options);
		call.start(end, metadata);
		call.request(1_000);
		for (byte[] message : messages) {
			call.sendMessage(message);
		}
		call.halfClose();
		return end.code.join();
	}

	Status.Code cancelled(String method, byte[] message) {
		End end = new End();
		ClientCall<byte[], byte[]> call = newCall(method, CallOptions.DEFAULT);
		call.start(end, new Metadata());
		call.sendMessage(message);
		var unused = timer.schedule(() -> call.cancel("as expected", null), ThreadLocalRandom.current().nextLong(3_000),
				TimeUnit.MICROSECONDS);
		return end.code.join();
	}

	/**
	 * Makes a call.
	 * @param method such as {@code user.v1.UserService/GetUser}; the first word tells the
	 * service
	 */
	private ClientCall<byte[], byte[]> newCall(String method, CallOptions options) {
		ManagedChannel channel = Objects.requireNonNull(channels.get(method.substring(0, method.indexOf('.'))));
		return channel.newCall(
				method(method,
						method.endsWith("/PlaceOrders") ? MethodType.CLIENT_STREAMING : MethodType.SERVER_STREAMING),
				options);
	}

	/** A method that takes one message, of any bytes, and answers with nothing. */
	static MethodDescriptor<byte[], byte[]> unary(String method) {
		return method(method, MethodType.UNARY);
	}

	private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
		return MethodDescriptor.newBuilder(BYTES, BYTES).setType(type).setFullMethodName(name).build();
	}

	private static ManagedChannel channel(String service) {
		return ManagedChannelBuilder.forTarget("discovery:///" + service)
			.usePlaintext()
			.compressorRegistry(compressors())
			.intercept(CallProgress.interceptor())
			.build();
	}

	// Each says that it compresses, and none does.
	private static CompressorRegistry compressors() {
		CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
		for (String name : List.of("gzip", "none-such")) {
			registry.register(new Compressor() {

				@Override
				public String getMessageEncoding() {
					return name;
				}

				@Override
				public OutputStream compress(OutputStream out) throws IOException {
					return Codec.Identity.NONE.compress(out);
				}

			});
		}
		return registry;
	}

	private static final class End extends ClientCall.Listener<byte[]> {

		private final CompletableFuture<Status.Code> code = new CompletableFuture<>();

		@Override
		public void onClose(Status status, Metadata trailers) {
			code.complete(status.getCode());
		}

	}

}
