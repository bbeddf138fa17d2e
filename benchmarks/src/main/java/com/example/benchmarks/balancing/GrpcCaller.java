package com.example.benchmarks.balancing;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

import com.example.benchmarks.balancing.Contender.Instance;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Calls balanced by one of gRPC's own policies, whose connections always stand. A call is
 * a pick and, for policies that count calls, the tracer that they count by.
 */
final class GrpcCaller implements Caller {

	private static final int FIRST_PORT = 10_000;

	private static final ClientStreamTracer.StreamInfo STREAM = ClientStreamTracer.StreamInfo.newBuilder().build();

	private static final Metadata NO_HEADERS = new Metadata();

	static {
		// Lets ring_hash take its key from a header (gRFC A76).
		System.setProperty("GRPC_EXPERIMENTAL_RING_HASH_SET_REQUEST_HASH_KEY", "true");
	}

	private final ConnectedHelper helper = new ConnectedHelper();

	GrpcCaller(String policy, List<Instance> fleet) {
		LoadBalancerProvider provider = LoadBalancerRegistry.getDefaultRegistry().getProvider(policy);
		if (provider == null) {
			throw new IllegalArgumentException("gRPC has no policy " + policy);
		}
		List<EquivalentAddressGroup> addresses = fleet.stream()
			.map((instance) -> new EquivalentAddressGroup(
					InetSocketAddress.createUnresolved("user-service", FIRST_PORT + instance.id())))
			.toList();
		Object config = provider.parseLoadBalancingPolicyConfig(Map.of("requestHashHeader", Request.HEADER.name()))
			.getConfig();
		LoadBalancer balancer = provider.newLoadBalancer(helper);
		helper.getSynchronizationContext()
			.execute(() -> balancer.acceptResolvedAddresses(ResolvedAddresses.newBuilder()
				.setAddresses(addresses)
				.setLoadBalancingPolicyConfig(config)
				.build()));
	}

	@Override
	public Object call(Request request) {
		PickResult result = choose(request);
		ClientStreamTracer tracer = tracer(result);
		if (tracer != null) {
			tracer.streamClosed(Status.OK);
		}
		return result;
	}

	@Override
	public Call begin(Request request) {
		PickResult result = choose(request);
		Subchannel subchannel = result.getSubchannel();
		if (subchannel == null) {
			throw new IllegalStateException("gRPC chose nothing: " + result);
		}
		InetSocketAddress address = (InetSocketAddress) subchannel.getAddresses().getAddresses().get(0);
		return new TracedCall(address.getPort() - FIRST_PORT, tracer(result));
	}

	// A ring connects to an instance only when the first call is for it.
	@Override
	public PickResult choose(Request request) {
		PickResult result = helper.picker().pickSubchannel(request);
		return result.hasResult() ? result : helper.picker().pickSubchannel(request);
	}

	private static @Nullable ClientStreamTracer tracer(PickResult result) {
		ClientStreamTracer.Factory factory = result.getStreamTracerFactory();
		if (factory == null) {
			return null;
		}
		ClientStreamTracer tracer = factory.newClientStreamTracer(STREAM, NO_HEADERS);
		tracer.streamCreated(Attributes.EMPTY, NO_HEADERS);
		return tracer;
	}

	private record TracedCall(int instance, @Nullable ClientStreamTracer tracer) implements Call {

		@Override
		public void end(boolean failed) {
			if (tracer != null) {
				tracer.streamClosed(failed ? Status.UNAVAILABLE : Status.OK);
			}
		}

	}

}
