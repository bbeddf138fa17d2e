package com.example.platform.grpc.client;

import java.time.Duration;
import java.util.Map;

import com.example.platform.grpc.client.ClientSettings.CallPolicy;
import com.example.platform.liveconfiguration.LiveConfiguration;
import io.grpc.MethodDescriptor.MethodType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClientSettingsTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();

	private final LiveConfiguration live;

	ClientSettingsTests() {
		validator.afterPropertiesSet();
		live = new LiveConfiguration(environment, validator);
	}

	@AfterEach
	void close() {
		validator.close();
	}

	@Test
	void withoutConfigurationNothingIsRepeatedAndNothingHasADeadline() {
		ClientSettings settings = live.bind(ClientSettings.class).get();
		assertThat(settings).isEqualTo(new ClientSettings(null, Map.of(), new ClientSettings.RetryBudget(20, 0.1),
				new ClientSettings.HedgingBudget(5, 0.02)));
		assertThat(settings.policy("user-service", "GetUser", MethodType.UNARY)).isEqualTo(CallPolicy.NONE);
	}

	@Test
	void aMethodIsConfiguredByItsName() {
		environment.setProperty("platform.grpc.client.services.user-service.methods.CheckEligibility.deadline",
				"1050ms");
		ClientSettings settings = live.bind(ClientSettings.class).get();
		assertThat(settings.policy("user-service", "CheckEligibility", MethodType.UNARY).deadline())
			.isEqualTo(Duration.ofMillis(1050));
	}

	// gRPC's client says UNKNOWN of a connection that is lost while it writes.
	@Test
	void whatIsRepeatedIsRepeatedWhenTheConnectionWasLost() {
		environment.setProperty("platform.grpc.client.defaults.retry.max-attempts", "2");
		CallPolicy policy = live.bind(ClientSettings.class).get().policy("user-service", "GetUser", MethodType.UNARY);
		assertThat(policy.retry()).extracting(CallPolicy.Retry::codes).isEqualTo(CallPolicy.Retry.FAILED);
	}

	@Test
	void aServiceMayHaveABudgetOfItsOwn() {
		environment.setProperty("platform.grpc.client.retry-budget.max-tokens", "30");
		environment.setProperty("platform.grpc.client.services.user-service.retry-budget.token-ratio", "0.5");
		ClientSettings settings = live.bind(ClientSettings.class).get();
		assertThat(settings.retryBudget("user-service")).isEqualTo(new ClientSettings.RetryBudget(20, 0.5));
		assertThat(settings.retryBudget("order-service")).isEqualTo(new ClientSettings.RetryBudget(30, 0.1));
	}

	// What gRPC would refuse only when a channel hears of it.
	@ParameterizedTest
	@CsvSource({ "defaults.deadline,0s", "defaults.retry.initial-backoff,0s", "defaults.retry.max-backoff,-1s",
			"defaults.retry.max-attempts,6", "defaults.retry.multiplier,0.5", "defaults.hedging.delay,-1ms",
			"hedging-budget.token-ratio,1.1", "services.user-service.all.deadline,0s",
			"services.user-service.methods.GetUser.retry.max-attempts,0", "retry-budget.max-tokens,0",
			"services.user-service.retry-budget.max-tokens,0" })
	void aValueThatGrpcWouldRefuseIsRefusedBefore(String key, String value) {
		environment.setProperty("platform.grpc.client." + key, value);
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> live.bind(ClientSettings.class));
	}

}
