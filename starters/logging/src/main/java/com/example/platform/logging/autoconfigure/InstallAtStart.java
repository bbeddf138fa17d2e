package com.example.platform.logging.autoconfigure;

import ch.qos.logback.classic.LoggerContext;
import com.example.platform.logging.LoggingSettings;
import com.example.platform.logging.NonBlockingLogging;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Installs non-blocking logging as soon as Spring Boot has configured Logback.
 */
final class InstallAtStart implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		install(event.getEnvironment());
	}

	static NonBlockingLogging install(Environment environment) {
		return NonBlockingLogging.install((LoggerContext) LoggerFactory.getILoggerFactory(),
				Binder.get(environment).bindOrCreate("platform.logging", LoggingSettings.class));
	}

}
