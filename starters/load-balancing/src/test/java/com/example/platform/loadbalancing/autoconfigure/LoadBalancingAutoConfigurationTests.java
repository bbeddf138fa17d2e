package com.example.platform.loadbalancing.autoconfigure;

import java.time.Duration;

import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.discovery.autoconfigure.DiscoveryAutoConfiguration;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.loadbalancing.BalancingSettings;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.actuate.LoadBalancingEndpoint;
import com.example.platform.loadbalancing.actuate.LoadBalancingMetrics;
import com.example.platform.loadbalancing.grpc.CalledServiceLoadBalancerProvider;
import com.example.platform.loadbalancing.policy.PolicyName;
import com.example.platform.loadbalancing.policy.PolicyOptions;
import com.example.platform.loadbalancing.springcloud.BalancedCallFilter;
import com.example.platform.loadbalancing.springcloud.BalancedCallLifecycle;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class LoadBalancingAutoConfigurationTests {

	// No agent answers there; nothing here needs one.
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ConsulAutoConfiguration.class, ConsulClientAutoConfiguration.class,
				DiscoveryAutoConfiguration.class, LiveConfigurationAutoConfiguration.class,
				ValidationAutoConfiguration.class, LoadBalancerAutoConfiguration.class,
				LoadBalancingAutoConfiguration.class))
		.withPropertyValues("spring.cloud.consul.port=1", "platform.config-client.enabled=false");

	@Test
	void withoutConfigurationTheDefaultsAreTheseForEveryService() {
		runner.run((context) -> assertThat(context.getBean(CalledServices.class).service("user-service").settings())
			.isEqualTo(new BalancingSettings(PolicyName.LEAST_REQUEST, new PolicyOptions(128, 0), null, Duration.ZERO,
					new BalancingSettings.Zone(null, 1, 0.5), new BalancingSettings.Canary(null, "true", 0), 0,
					new BalancingSettings.Ejection(true, 5, Duration.ofSeconds(5), 20, Duration.ofSeconds(5),
							Duration.ofMinutes(1), 0.5))));
	}

	@Test
	void everyKeyIsObeyedAndWhatAServiceLeavesOutIsAsInTheDefaults() {
		runner
			.withPropertyValues("platform.load-balancing.zone=b", "platform.load-balancing.defaults.policy=round-robin",
					"platform.load-balancing.defaults.slow-start=1050ms",
					"platform.load-balancing.defaults.ejection.base-time=50ms",
					"platform.load-balancing.services.user-service.policy=consistent-hash",
					"platform.load-balancing.services.user-service.key-header=x-user-id",
					"platform.load-balancing.services.user-service.rendezvous-up-to=7",
					"platform.load-balancing.services.user-service.balance-factor=1.25",
					"platform.load-balancing.services.user-service.zone-min-instances=3",
					"platform.load-balancing.services.user-service.zone-min-share=0.25",
					"platform.load-balancing.services.user-service.canary-label=version",
					"platform.load-balancing.services.user-service.canary-value=2.0",
					"platform.load-balancing.services.user-service.canary-percent=5.5",
					"platform.load-balancing.services.user-service.subset-size=9",
					"platform.load-balancing.services.user-service.ejection.enabled=false",
					"platform.load-balancing.services.user-service.ejection.consecutive-failures=3",
					"platform.load-balancing.services.user-service.ejection.interval=7s",
					"platform.load-balancing.services.user-service.ejection.min-requests=11",
					"platform.load-balancing.services.user-service.ejection.max-time=90s",
					"platform.load-balancing.services.user-service.ejection.max-share=0.3")
			.run((context) -> {
				CalledServices services = context.getBean(CalledServices.class);
				assertThat(services.service("user-service").settings()).isEqualTo(new BalancingSettings(
						PolicyName.CONSISTENT_HASH, new PolicyOptions(7, 1.25), "x-user-id", Duration.ofMillis(1050),
						new BalancingSettings.Zone("b", 3, 0.25), new BalancingSettings.Canary("version", "2.0", 5.5),
						9, new BalancingSettings.Ejection(false, 3, Duration.ofSeconds(7), 11, Duration.ofMillis(50),
								Duration.ofSeconds(90), 0.3)));
				assertThat(services.service("order-service").settings().policy()).isEqualTo(PolicyName.ROUND_ROBIN);
			});
	}

	@Test
	void aPolicyIsSwitchedWhileItRuns() {
		MockEnvironment environment = new MockEnvironment();
		runner.withBean(LiveConfiguration.class, () -> new LiveConfiguration(environment, null)).run((context) -> {
			CalledServices services = context.getBean(CalledServices.class);
			assertThat(services.service("user-service").settings().policy()).isEqualTo(PolicyName.LEAST_REQUEST);
			environment.setProperty("platform.load-balancing.services.user-service.policy", "response-time");
			context.getBean(LiveConfiguration.class).reload();
			assertThat(services.service("user-service").settings().policy()).isEqualTo(PolicyName.RESPONSE_TIME);
		});
	}

	@Test
	void anUnknownPolicyFailsTheStart() {
		runner.withPropertyValues("platform.load-balancing.defaults.policy=fastest")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("fastest"));
	}

	@Test
	void aValueOutOfRangeFailsTheStart() {
		runner.withPropertyValues("platform.load-balancing.services.user-service.canary-percent=101")
			.run((context) -> assertThat(context).hasFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "user-bin", "x user", "\u00fcser" })
	void aKeyHeaderThatGrpcDoesNotAllowFailsTheStart(String name) {
		runner.withPropertyValues("platform.load-balancing.defaults.key-header=" + name)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("-bin"));
	}

	@Test
	void aServiceCanBeWithoutTheKeyHeaderOfTheDefaults() {
		runner
			.withPropertyValues("platform.load-balancing.defaults.key-header=x-user-id",
					"platform.load-balancing.services.user-service.key-header=")
			.run((context) -> {
				assertThat(context.getBean(CalledServices.class).service("user-service").settings().keyHeader())
					.isNull();
				assertThat(context.getBean(CalledServices.class).service("other").settings().keyHeader())
					.isEqualTo("x-user-id");
			});
	}

	@Test
	void grpcKnowsThePolicyWhileTheApplicationLives() {
		runner.run((context) -> assertThat(
				LoadBalancerRegistry.getDefaultRegistry().getProvider(CalledServiceLoadBalancerProvider.POLICY))
			.isSameAs(context.getBean(CalledServiceLoadBalancerProvider.class)));
		assertThat(LoadBalancerRegistry.getDefaultRegistry().getProvider(CalledServiceLoadBalancerProvider.POLICY))
			.isNull();
	}

	@Test
	void theGatewayCountsItsOwnCallsAndOtherClientsByTheirLifecycle() {
		runner.run((context) -> assertThat(context).hasSingleBean(BalancedCallFilter.class)
			.doesNotHaveBean(BalancedCallLifecycle.class));
		runner.withClassLoader(new FilteredClassLoader(GlobalFilter.class))
			.run((context) -> assertThat(context).hasSingleBean(BalancedCallLifecycle.class)
				.doesNotHaveBean(BalancedCallFilter.class));
	}

	@Test
	void itServesWithoutGrpcMetricsAndActuator() {
		runner.withClassLoader(new FilteredClassLoader(LoadBalancerProvider.class, MeterBinder.class, Endpoint.class))
			.run((context) -> assertThat(context).hasSingleBean(CalledServices.class)
				.doesNotHaveBean(CalledServiceLoadBalancerProvider.class)
				.doesNotHaveBean(LoadBalancingMetrics.class)
				.doesNotHaveBean(LoadBalancingEndpoint.class));
	}

	@Test
	void itServesHttpWithoutTheStarterForGrpc() {
		runner.withClassLoader(new FilteredClassLoader("com.example.platform.grpc"))
			.run((context) -> assertThat(context).hasSingleBean(CalledServices.class)
				.doesNotHaveBean("calledServiceLoadBalancerProvider"));
	}

	@Test
	void itCanBeSwitchedOff() {
		runner.withPropertyValues("platform.load-balancing.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CalledServices.class));
	}

}
