package com.example.platform.configclient.fetching;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configclient.revision.Snapshots;
import com.example.platform.configprotocol.InstanceId;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.configprotocol.Release;
import com.example.platform.consul.BackOff;
import com.example.platform.consul.Consul;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigData.Option;
import org.springframework.boot.context.config.ConfigData.PropertySourceOptions;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.cloud.config.client.ConfigServerBootstrapper.LoadContext;
import org.springframework.cloud.config.client.ConfigServerBootstrapper.LoaderInterceptor;

/**
 * Loads the configuration when an application starts: the revision that the release has
 * for this instance, from whichever config server gives it. While none does, it starts
 * from the last good snapshot; without one it waits, and says so on standard error.
 */
final class RevisionLoader implements LoaderInterceptor {

	private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

	private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(10);

	private final BackOff backOff = new BackOff();

	@Override
	public ConfigData apply(LoadContext context) {
		ConfigClientProperties client = context.getResource().getProperties();
		Binder binder = context.getBinder();
		String service = client.getName();
		String profiles = context.getResource().getProfiles();
		Snapshots snapshots = new Snapshots(folder(binder), service, profiles);
		try (Consul consul = consul(binder)) {
			ConfigServers servers = new ConfigServers(client, consul, new Random());
			RevisionPropertySource source = load(servers, consul, service, profiles, snapshots, binder);
			return new ConfigData(List.of(source),
					PropertySourceOptions.always(Option.IGNORE_IMPORTS, Option.IGNORE_PROFILES));
		}
	}

	private RevisionPropertySource load(ConfigServers servers, @Nullable Consul consul, String service, String profiles,
			Snapshots snapshots, Binder binder) {
		Duration timeout = binder.bind("platform.config-client.start-timeout", Duration.class).orElse(START_TIMEOUT);
		String instance = InstanceId.of(binder.bind(InstanceId.PROPERTY, String.class).orElse(service));
		long started = System.nanoTime();
		long lastMessage = 0;
		for (int failures = 1;; failures++) {
			try {
				return new RevisionPropertySource(service, profiles,
						fetch(servers, consul, service, profiles, instance), Source.SERVER);
			}
			catch (ConfigServerUnavailableException ex) {
				Optional<RevisionContent> snapshot = snapshots.read();
				if (snapshot.isPresent()) {
					return new RevisionPropertySource(service, profiles, snapshot.get(), Source.SNAPSHOT);
				}
				long now = System.nanoTime();
				if (now - started > timeout.toNanos()) {
					throw ex;
				}
				if (failures == 1 || now - lastMessage > BETWEEN_MESSAGES.toNanos()) {
					lastMessage = now;
					say(service + " waits for its configuration. " + ex.getMessage()
							+ ". There is no snapshot of an earlier one either. Trying again for up to "
							+ timeout.toSeconds() + " s.");
				}
				LockSupport.parkNanos(backOff.pause(failures).toNanos());
			}
		}
	}

	private static RevisionContent fetch(ConfigServers servers, @Nullable Consul consul, String service,
			String profiles, String instance) {
		String revision = (consul != null) ? revisionToStart(consul, service, instance) : null;
		if (revision == null) {
			return servers.fetch(service, profiles, null);
		}
		try {
			return servers.fetch(service, profiles, revision);
		}
		catch (ConfigServerUnavailableException ex) {
			// What was released last may be older than the history of the server at hand.
			return servers.fetch(service, profiles, null);
		}
	}

	private static @Nullable String revisionToStart(Consul consul, String service, String instance) {
		try {
			return consul.kv()
				.get(Release.KEY)
				.join()
				.map((entry) -> Release.parse(entry.value()).revisionToStart(service, instance))
				.orElse(null);
		}
		catch (CompletionException | JacksonException ex) {
			return null;
		}
	}

	private static Path folder(Binder binder) {
		return binder.bind("platform.config-client.snapshots", Path.class)
			.orElseThrow(() -> new IllegalStateException("platform.config-client.snapshots has no value"));
	}

	private static @Nullable Consul consul(Binder binder) {
		if (!binder.bind("spring.cloud.consul.enabled", Boolean.class).orElse(true)) {
			return null;
		}
		return Consul.of(binder.bind("spring.cloud.consul.scheme", String.class).orElse(null),
				binder.bind("spring.cloud.consul.host", String.class).orElse("localhost"),
				binder.bind("spring.cloud.consul.port", Integer.class).orElse(8500),
				binder.bind("spring.cloud.consul.token", String.class).orElse(null));
	}

	// Spring Boot drops what is logged before it has set up logging, which comes after
	// this.
	private static void say(String message) {
		PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
		err.println(Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS) + " WARN " + message);
	}

}
