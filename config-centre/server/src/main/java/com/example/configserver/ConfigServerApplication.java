package com.example.configserver;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

import com.example.configserver.content.Configuration;
import com.example.configserver.content.RevisionEnvironments;
import com.example.configserver.content.RevisionEnvironments.Served;
import com.example.configserver.content.Secrets;
import com.example.configserver.history.FolderHistory;
import com.example.configserver.history.History;
import com.example.configserver.history.RemoteHistory;
import com.example.configserver.release.ParsedRevisions;
import com.example.configserver.release.ParsedRevisions.ParsedRevision;
import com.example.configserver.release.RefusedRequestException;
import com.example.configserver.release.RefusedRequestException.Reason;
import com.example.configserver.release.Releases;
import com.example.configserver.release.fleet.Fleet;
import com.example.platform.consul.Consul;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.config.server.environment.EnvironmentController;
import org.springframework.cloud.config.server.environment.NoSuchLabelException;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The configuration server. It speaks Spring Cloud Config's protocol by that project's
 * own controller; revisions, checks and releases are its own. Spring Cloud Config's
 * repositories and its endpoints to decrypt and to read any file are left out.
 */
@SpringBootApplication
@EnableConfigurationProperties(ConfigServerProperties.class)
public class ConfigServerApplication {

	// However often somebody asks for what is not there, or calls the webhook.
	private static final Duration LEAST_GIT_INTERVAL = Duration.ofSeconds(1);

	/**
	 * Starts the server.
	 * @param args Spring Boot's command line arguments
	 */
	public static void main(String[] args) {
		SpringApplication.run(ConfigServerApplication.class, args);
	}

	@Bean
	History history(ConfigServerProperties properties) throws IOException {
		ConfigServerProperties.Git git = properties.git();
		return git.uri().isEmpty() ? new FolderHistory(properties.directory(), properties.history(), Clock.systemUTC())
				: new RemoteHistory(git.uri(), git.branch(), git.path(), properties.history(), Clock.systemUTC(),
						git.username(), git.password());
	}

	@Bean
	Secrets secrets(ConfigServerProperties properties, Environment environment) {
		String key = environment.getProperty("encrypt.key", "");
		if (!key.isEmpty()) {
			return Secrets.ofKey(key);
		}
		return (properties.encryptKeyFile() != null) ? Secrets.ofKeyFile(properties.encryptKeyFile()) : Secrets.none();
	}

	@Bean
	ParsedRevisions parsedRevisions(History history) {
		return new ParsedRevisions(history);
	}

	@Bean
	Fleet fleet(ObjectProvider<Consul> consul) {
		return new Fleet(consul.getIfAvailable());
	}

	@Bean
	Releases releases(ConfigServerProperties properties, History history, ParsedRevisions parsed, Fleet fleet,
			Secrets secrets, ObjectProvider<Consul> consul) {
		Duration interval = properties.git().uri().isEmpty() ? properties.scanInterval()
				: properties.git().pollInterval();
		return new Releases(history, parsed, consul.getIfAvailable(), fleet, secrets, properties.gray(),
				Clock.systemUTC(), interval, properties.git().uri().isEmpty() ? Duration.ZERO : LEAST_GIT_INTERVAL);
	}

	@Bean
	EnvironmentController environmentController(Releases releases, ParsedRevisions parsed, Secrets secrets) {
		return new EnvironmentController(
				new RevisionEnvironments((label) -> content(releases, parsed, label), secrets));
	}

	private static Served content(Releases releases, ParsedRevisions parsed, @Nullable String label) {
		try {
			ParsedRevision content = parsed.of(releases.revision((label != null) ? label : "current"));
			Configuration configuration = content.configuration();
			if (configuration == null) {
				throw new NoSuchLabelException("Revision " + label + " is refused");
			}
			return new Served(content.revision().id(), configuration);
		}
		catch (RefusedRequestException ex) {
			if (ex.reason() == Reason.UNAVAILABLE) {
				throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage(), ex);
			}
			throw new NoSuchLabelException(String.valueOf(ex.getMessage()), ex);
		}
		catch (IllegalArgumentException ex) {
			// Spring Cloud Config's controller would take it for the client's mistake.
			throw new IllegalStateException(ex);
		}
	}

}
