package com.example.platform.configclient.autoconfigure;

import java.util.List;
import java.util.Map;

import com.example.platform.configclient.ConfigRefresher;
import com.example.platform.configclient.reporting.RevisionHealthIndicator;
import com.example.platform.configclient.reporting.RevisionMetrics;
import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.liveconfiguration.springcloud.SelectiveRebinder;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.config.client.ConfigClientAutoConfiguration;
import org.springframework.cloud.consul.ConsulAutoConfiguration;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class PlatformConfigClientAutoConfigurationTests {

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withPropertyValues("platform.config-client.snapshots=target/snapshots", "spring.cloud.consul.host=127.0.0.1",
				"spring.cloud.consul.port=1")
		.withConfiguration(AutoConfigurations.of(ConsulAutoConfiguration.class, ConsulClientAutoConfiguration.class,
				RefreshAutoConfiguration.class, ConfigClientAutoConfiguration.class,
				LiveConfigurationAutoConfiguration.class, ConfigurationPropertiesRebinderAutoConfiguration.class,
				PlatformConfigClientAutoConfiguration.class));

	private final ApplicationContextRunner runner = plain.withInitializer((context) -> context.getEnvironment()
		.getPropertySources()
		.addLast(new RevisionPropertySource("any", "default", new RevisionContent("revision", Map.of()),
				Source.SERVER)));

	@Test
	void anApplicationThatTookItsConfigurationFromAServerFollowsTheRelease() {
		runner.run((context) -> assertThat(context).hasSingleBean(ConfigRefresher.class)
			.hasSingleBean(LiveConfiguration.class)
			.hasSingleBean(RevisionHealthIndicator.class)
			.hasSingleBean(RevisionMetrics.class)
			.hasSingleBean(SanitizingFunction.class)
			.getBean(ConfigurationPropertiesRebinder.class)
			.isInstanceOf(SelectiveRebinder.class));
	}

	@Test
	void withoutAServerConsulOrConsentRecordsAreBoundOnceAndStay() {
		for (ApplicationContextRunner variant : List.of(plain,
				runner.withPropertyValues("spring.cloud.consul.enabled=false"),
				runner.withPropertyValues("platform.config-client.enabled=false"))) {
			variant.run((context) -> assertThat(context).hasSingleBean(LiveConfiguration.class)
				.doesNotHaveBean(ConfigRefresher.class)
				.doesNotHaveBean(RevisionMetrics.class));
		}
	}

	@Test
	void itServesWithoutActuatorAndMetrics() {
		runner
			.withClassLoader(
					new FilteredClassLoader(HealthIndicator.class, MeterBinder.class, SanitizingFunction.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ConfigRefresher.class));
	}

	@Test
	void aConfigurationOfTheApplicationsOwnWins() {
		runner.withBean("own", LiveConfiguration.class, () -> new LiveConfiguration(new MockEnvironment(), null))
			.run((context) -> assertThat(context.getBeanNamesForType(LiveConfiguration.class)).containsExactly("own"));
	}

}
