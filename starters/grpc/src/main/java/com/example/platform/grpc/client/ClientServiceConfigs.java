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
import java.util.stream.Stream;

import com.example.platform.discovery.ServiceDirectory.Subscription;
import com.example.platform.grpc.client.ClientSettings.CallPolicy;
import com.example.platform.grpc.resolver.ServiceConfigs;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Tells channels the call policies as gRPC's service config, but for hedging, which is
 * {@link HedgingInterceptor}'s. A method is repeated only if its contract says
 * {@code option idempotency_level = IDEMPOTENT} or {@code NO_SIDE_EFFECTS}.
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
	 * @throws InvalidConfigurationPropertyValueException as {@link #check} does
	 */
	public ClientServiceConfigs(Supplier<? extends Collection<ServiceDescriptor>> contracts, ClientSettings settings) {
		this.contracts = contracts;
		this.settings = settings;
		check(settings);
	}

	/**
	 * Refuses policies that name a method to be repeated which is not idempotent by its
	 * contract. A method that this process has no stub of is not looked at.
	 * @param candidate the policies
	 * @throws InvalidConfigurationPropertyValueException if there is such a method
	 */
	public void check(ClientSettings candidate) {
		candidate.services()
			.forEach((service, policies) -> policies.methods().forEach((name, policy) -> check(service, name, policy)));
	}

	/**
	 * Changes the policies, for the calls that begin from now on.
	 * @param next the policies
	 */
	public void configure(ClientSettings next) {
		settings = next;
		listeners.forEach(Runnable::run);
	}

	ClientSettings settings() {
		return settings;
	}

	@Override
	public Map<String, ?> of(String service) {
		ClientSettings present = settings;
		List<Map<String, ?>> methods = new ArrayList<>();
		methods().forEach((method) -> methods
			.add(methodConfig(method, present.policy(service, bareName(method), method.getType()))));
		ClientSettings.RetryBudget budget = present.retryBudget(service);
		return Map.of("methodConfig", methods, "retryThrottling",
				Map.of("maxTokens", (double) budget.maxTokens(), "tokenRatio", budget.tokenRatio()));
	}

	@Override
	public Subscription subscribe(Runnable listener) {
		listeners.add(listener);
		return () -> listeners.remove(listener);
	}

	private void check(String service, String name, CallPolicy policy) {
		List<MethodDescriptor<?, ?>> named = methods().filter((method) -> bareName(method).equals(name)).toList();
		if (policy.repeats() && !named.isEmpty() && named.stream().noneMatch(ClientServiceConfigs::isRepeatable)) {
			String full = named.get(0).getFullMethodName();
			throw new InvalidConfigurationPropertyValueException(
					"platform.grpc.client.services." + service + ".methods." + name,
					(policy.hedging() != null) ? policy.hedging() : policy.retry(),
					full + " would be repeated, but its contract does not say that it may be. If it is idempotent, write "
							+ "'option idempotency_level = IDEMPOTENT;' into the method in its .proto file; "
							+ "else remove retry and hedging.");
		}
	}

	private Stream<MethodDescriptor<?, ?>> methods() {
		return contracts.get().stream().flatMap((contract) -> contract.getMethods().stream());
	}

	static boolean isRepeatable(MethodDescriptor<?, ?> method) {
		return method.isIdempotent() || method.isSafe();
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
		if (retry != null && retry.maxAttempts() > 1 && isRepeatable(method)) {
			config.put("retryPolicy",
					Map.of("maxAttempts", (double) retry.maxAttempts(), "initialBackoff", json(retry.initialBackoff()),
							"maxBackoff", json(retry.maxBackoff()), "backoffMultiplier", retry.multiplier(),
							"retryableStatusCodes", retry.codes().stream().map(Status.Code::name).toList()));
		}
		return config;
	}

	static String bareName(MethodDescriptor<?, ?> method) {
		return String.valueOf(method.getBareMethodName());
	}

	// All nine digits: as Spring Boot writes it, 50 ms would be half a second.
	private static String json(Duration duration) {
		return String.format(Locale.ROOT, "%d.%09ds", duration.getSeconds(), duration.getNano());
	}

}
