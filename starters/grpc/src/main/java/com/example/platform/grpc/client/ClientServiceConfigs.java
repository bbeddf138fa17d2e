package com.example.platform.grpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import com.example.platform.discovery.ServiceDirectory.Subscription;
import com.example.platform.discovery.grpc.ServiceConfigs;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;

/**
 * Tells channels the call policies as gRPC's service config. A method is repeated only if
 * its contract says {@code option idempotency_level = IDEMPOTENT} or
 * {@code NO_SIDE_EFFECTS}.
 *
 * <p>
 * Safe for use by several threads.
 */
public final class ClientServiceConfigs implements ServiceConfigs {

	private final Supplier<? extends Collection<ServiceDescriptor>> contracts;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile ClientSettings settings;

	/**
	 * Creates the configs.
	 * @param contracts the gRPC services that this process has stubs of; asked at each
	 * change
	 * @param settings the policies
	 */
	public ClientServiceConfigs(Supplier<? extends Collection<ServiceDescriptor>> contracts, ClientSettings settings) {
		this.contracts = contracts;
		this.settings = settings;
	}

	/**
	 * Changes the policies, for the calls that begin from now on.
	 * @param next the policies
	 */
	public void configure(ClientSettings next) {
		settings = next;
		listeners.forEach(Runnable::run);
	}

	@Override
	public Map<String, ?> of(String service) {
		ClientSettings present = settings;
		List<Map<String, ?>> methods = new ArrayList<>();
		for (ServiceDescriptor contract : contracts.get()) {
			for (MethodDescriptor<?, ?> method : contract.getMethods()) {
				methods.add(methodConfig(method, present.policy(service, bareName(method))));
			}
		}
		return Map.of("methodConfig", methods, "retryThrottling", Map.of("maxTokens",
				(double) present.retryBudget().maxTokens(), "tokenRatio", present.retryBudget().tokenRatio()));
	}

	@Override
	public Subscription subscribe(Runnable listener) {
		listeners.add(listener);
		return () -> listeners.remove(listener);
	}

	private static Map<String, ?> methodConfig(MethodDescriptor<?, ?> method, CallPolicy policy) {
		Map<String, Object> config = new LinkedHashMap<>();
		config.put("name",
				List.of(Map.of("service", String.valueOf(method.getServiceName()), "method", bareName(method))));
		if (policy.deadline() != null) {
			config.put("timeout", json(policy.deadline()));
		}
		if (policy.waitForReady() != null) {
			config.put("waitForReady", policy.waitForReady());
		}
		CallPolicy.Retry retry = policy.retry();
		CallPolicy.Hedging hedging = policy.hedging();
		boolean repeatable = method.isIdempotent() || method.isSafe();
		if (repeatable && hedging != null) {
			config.put("hedgingPolicy", Map.of("maxAttempts", (double) hedging.maxAttempts(), "hedgingDelay",
					json(hedging.delay()), "nonFatalStatusCodes", List.of(Status.Code.UNAVAILABLE.name())));
		}
		else if (repeatable && retry != null && retry.maxAttempts() > 1) {
			config.put("retryPolicy",
					Map.of("maxAttempts", (double) retry.maxAttempts(), "initialBackoff", json(retry.initialBackoff()),
							"maxBackoff", json(retry.maxBackoff()), "backoffMultiplier", retry.multiplier(),
							"retryableStatusCodes", retry.codes().stream().map(Status.Code::name).toList()));
		}
		return config;
	}

	private static String bareName(MethodDescriptor<?, ?> method) {
		return String.valueOf(method.getBareMethodName());
	}

	// All nine digits: as Spring Boot writes it, 50 ms would be half a second.
	private static String json(Duration duration) {
		return String.format(Locale.ROOT, "%d.%09ds", duration.getSeconds(), duration.getNano());
	}

}
