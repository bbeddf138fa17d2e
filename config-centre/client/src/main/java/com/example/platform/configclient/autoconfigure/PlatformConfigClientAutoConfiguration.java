package com.example.platform.configclient.autoconfigure;

import java.util.Random;

import com.example.platform.configclient.ConfigRefresher;
import com.example.platform.configclient.ConfigServers;
import com.example.platform.configclient.ConfigurationTrial;
import com.example.platform.configclient.LiveConfiguration;
import com.example.platform.configclient.RevisionPropertySource;
import com.example.platform.configclient.TrialAtStart;
import com.example.platform.configclient.actuate.RevisionHealthIndicator;
import com.example.platform.configclient.actuate.RevisionMetrics;
import com.example.platform.configclient.actuate.SecretsStaySecret;
import com.example.platform.configclient.springcloud.BeanRenewal;
import com.example.platform.configclient.springcloud.SelectiveRebinder;
import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.config.client.ConfigClientAutoConfiguration;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.cloud.context.properties.ConfigurationPropertiesBeans;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Auto-configuration for live configuration. Without Consul, without a config server or
 * with {@code platform.config-client.enabled=false} the records are bound once and stay
 * as they are.
 */
@AutoConfiguration(
		after = { ConsulClientAutoConfiguration.class, RefreshAutoConfiguration.class,
				ConfigClientAutoConfiguration.class, ValidationAutoConfiguration.class },
		before = ConfigurationPropertiesRebinderAutoConfiguration.class)
@EnableConfigurationProperties(SnapshotProperties.class)
public final class PlatformConfigClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiveConfiguration liveConfiguration(Environment environment, ObjectProvider<LocalValidatorFactoryBean> validator) {
		return new LiveConfiguration(environment, validator.getIfAvailable());
	}

	@Bean
	TrialAtStart trialAtStart(ConfigurableEnvironment environment, ObjectProvider<ConfigurationTrial> trials) {
		return new TrialAtStart(environment, trials.orderedStream().toList());
	}

	// As Spring Cloud defines it, which comes later.
	@Bean
	@ConditionalOnMissingBean
	static ConfigurationPropertiesBeans configurationPropertiesBeans() {
		return new ConfigurationPropertiesBeans();
	}

	@Bean
	@ConditionalOnMissingBean
	ConfigurationPropertiesRebinder configurationPropertiesRebinder(ConfigurationPropertiesBeans beans,
			ConfigurableListableBeanFactory factory, Environment environment) {
		return new SelectiveRebinder(beans, factory, environment);
	}

	// The condition of the meters asks for its bean.
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(Consul.class)
	@Conditional(OnConfigServer.class)
	@ConditionalOnProperty(name = "platform.config-client.enabled", matchIfMissing = true)
	static class RefresherConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ConfigRefresher configRefresher(ConfigurableApplicationContext context, Consul consul,
				ConfigClientProperties client, LiveConfiguration live, SnapshotProperties properties,
				ObjectProvider<LocalValidatorFactoryBean> validator, ObjectProvider<RefreshScope> scope) {
			return ConfigRefresher.of(context, consul, new ConfigServers(client, consul, new Random()), live,
					validator.getIfAvailable(), properties.snapshots(),
					new BeanRenewal(context, scope.getIfAvailable()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthIndicator.class)
	static class HealthConfiguration {

		// Always, since the group of health indicators that names it has to find it.
		@Bean
		@ConditionalOnMissingBean
		RevisionHealthIndicator revisionHealthIndicator(ObjectProvider<ConfigRefresher> refresher) {
			return new RevisionHealthIndicator(refresher.getIfAvailable());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnBean(ConfigRefresher.class)
		@ConditionalOnMissingBean
		RevisionMetrics revisionMetrics(ConfigRefresher refresher) {
			return new RevisionMetrics(refresher);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SanitizingFunction.class)
	static class SanitizingConfiguration {

		@Bean
		@ConditionalOnMissingBean
		SecretsStaySecret secretsStaySecret(ConfigurableEnvironment environment) {
			return new SecretsStaySecret(RevisionPropertySource.in(environment));
		}

	}

	/**
	 * Whether the application took its configuration from a config server.
	 */
	static final class OnConfigServer extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionMessage.Builder message = ConditionMessage.forCondition("Config server");
			boolean found = context.getEnvironment() instanceof ConfigurableEnvironment environment
					&& RevisionPropertySource.in(environment) != null;
			return found ? ConditionOutcome.match(message.found("property source").items(RevisionPropertySource.NAME))
					: ConditionOutcome
						.noMatch(message.didNotFind("property source").items(RevisionPropertySource.NAME));
		}

	}

}
