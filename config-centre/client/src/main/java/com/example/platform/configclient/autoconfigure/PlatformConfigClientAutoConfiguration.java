package com.example.platform.configclient.autoconfigure;

import java.util.Random;

import com.example.platform.configclient.ConfigRefresher;
import com.example.platform.configclient.fetching.ConfigServers;
import com.example.platform.configclient.renewal.BeanRenewal;
import com.example.platform.configclient.reporting.RevisionHealthIndicator;
import com.example.platform.configclient.reporting.RevisionMetrics;
import com.example.platform.configclient.reporting.SecretsStaySecret;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.consul.Consul;
import com.example.platform.consul.autoconfigure.ConsulClientAutoConfiguration;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
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
import org.springframework.cloud.config.client.ConfigClientAutoConfiguration;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Auto-configuration for the client of the configuration centre. Without Consul, without
 * a config server or with {@code platform.config-client.enabled=false} the application
 * keeps the configuration of its start.
 */
@AutoConfiguration(after = { ConsulClientAutoConfiguration.class, ConfigClientAutoConfiguration.class,
		LiveConfigurationAutoConfiguration.class })
@EnableConfigurationProperties(SnapshotProperties.class)
public final class PlatformConfigClientAutoConfiguration {

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
			ConfigRefresher following = refresher.getIfAvailable();
			return new RevisionHealthIndicator((following != null) ? following.status() : null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnBean(ConfigRefresher.class)
		@ConditionalOnMissingBean
		RevisionMetrics revisionMetrics(ConfigRefresher refresher) {
			return new RevisionMetrics(refresher.status());
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
