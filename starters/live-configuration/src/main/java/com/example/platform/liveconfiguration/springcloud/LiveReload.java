package com.example.platform.liveconfiguration.springcloud;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.example.platform.liveconfiguration.BindFlaws;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.liveconfiguration.KeyNames;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.LiveRecord;
import com.example.platform.liveconfiguration.SecretHolder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Binds the live records anew that a change of the environment concerns. When one of them
 * cannot be bound, all keep their values.
 *
 * @param configuration the live records
 * @param environment where their values come from
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public record LiveReload(LiveConfiguration configuration,
		ConfigurableEnvironment environment) implements ApplicationListener<EnvironmentChangeEvent> {

	private static final Log log = LogFactory.getLog(LiveReload.class);

	@Override
	public void onApplicationEvent(EnvironmentChangeEvent event) {
		Set<String> keys = event.getKeys().stream().map(KeyNames::canonical).collect(Collectors.toSet());
		Map<LiveRecord<?>, RuntimeException> failures = configuration.renew((live) -> live.obeys(keys));
		if (failures.isEmpty()) {
			return;
		}
		BindFlaws explain = new BindFlaws((text) -> SecretHolder.redact(environment, text));
		log.error("The changed configuration cannot be used; the live records keep their values:\n  "
				+ failures.entrySet()
					.stream()
					.flatMap((failure) -> explain.of(failure.getKey().prefix(), failure.getValue()).stream())
					.map(Flaw::toString)
					.collect(Collectors.joining("\n  ")));
	}

}
