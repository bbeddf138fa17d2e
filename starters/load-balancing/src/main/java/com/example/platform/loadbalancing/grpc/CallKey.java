package com.example.platform.loadbalancing.grpc;

import com.example.platform.loadbalancing.Balancer.CanaryWish;
import com.example.platform.loadbalancing.policy.Hash;
import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What a call says about where it wants to go: its key, from the call option
 * {@link #OPTION} or else from the metadata entry that is configured, and whether it asks
 * for a canary, from the entry {@code x-canary}.
 */
public final class CallKey {

	/**
	 * Call option for the key of a call, for callers that want no metadata entry sent:
	 * {@code stub.withOption(CallKey.OPTION, userId)}.
	 */
	public static final CallOptions.Key<@Nullable String> OPTION = CallOptions.Key
		.create("com.example.platform.loadbalancing.key");

	private static final Metadata.Key<String> CANARY = Metadata.Key.of("x-canary", Metadata.ASCII_STRING_MARSHALLER);

	private final Metadata.@Nullable Key<String> entry;

	CallKey(@Nullable String entry) {
		this.entry = (entry != null) ? Metadata.Key.of(entry, Metadata.ASCII_STRING_MARSHALLER) : null;
	}

	long of(PickSubchannelArgs args) {
		String key = args.getCallOptions().getOption(OPTION);
		if (key == null && entry != null) {
			key = args.getHeaders().get(entry);
		}
		return (key != null) ? Hash.of(key) : Hash.NO_KEY;
	}

	static CanaryWish canaryWish(PickSubchannelArgs args) {
		String wish = args.getHeaders().get(CANARY);
		return (wish != null) ? CanaryWish.of(wish) : CanaryWish.NONE;
	}

}
