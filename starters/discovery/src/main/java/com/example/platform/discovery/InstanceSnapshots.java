package com.example.platform.discovery;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last list of each service's instances on disk, for a process that starts while
 * Consul is away. A list is used for a limited time after Consul last confirmed it, since
 * addresses are given to others. All processes on a machine that follow the same Consul
 * agent share the files. Thread-safe.
 */
public final class InstanceSnapshots {

	/**
	 * Keeps nothing.
	 */
	public static final InstanceSnapshots NONE = new InstanceSnapshots(null, URI.create("none:none"), Duration.ZERO,
			Clock.systemUTC());

	private static final Log log = LogFactory.getLog(InstanceSnapshots.class);

	private static final TypeReference<List<ServiceEndpoint>> LIST = new TypeReference<>() {
	};

	private static final Duration RENEWAL = Duration.ofMinutes(1);

	private final @Nullable Path folder;

	private final String agent;

	private final Duration maxAge;

	private final Clock clock;

	private final JsonMapper json = new JsonMapper();

	private final Map<String, Kept> kept = new HashMap<>();

	private boolean failed;

	/**
	 * Creates access to the lists.
	 * @param folder where they are kept; {@code null} for nowhere
	 * @param agent the Consul agent that they come from
	 * @param maxAge how long a list may be used after Consul last confirmed it
	 * @param clock tells the time
	 */
	public InstanceSnapshots(@Nullable Path folder, URI agent, Duration maxAge, Clock clock) {
		this.folder = folder;
		this.agent = agent.getHost() + "_" + agent.getPort();
		this.maxAge = maxAge;
		this.clock = clock;
	}

	/**
	 * Reads the list of a service.
	 * @param service the service's name
	 * @return empty when there is none, it is too old or cannot be read
	 */
	Optional<List<ServiceEndpoint>> read(String service) {
		if (folder == null) {
			return Optional.empty();
		}
		Path file = file(folder, service);
		try {
			Instant confirmed = Files.getLastModifiedTime(file).toInstant();
			if (confirmed.plus(maxAge).isBefore(clock.instant())) {
				log.warn("Consul does not answer, and the instances of " + service + " kept in " + file + " are of "
						+ confirmed + ", which is too old to use them");
				return Optional.empty();
			}
			List<ServiceEndpoint> instances = json.readValue(Files.readString(file), LIST);
			log.warn("Consul does not answer. Until it does, calls go to those " + instances.size() + " instances of "
					+ service + " that it knew at " + confirmed);
			return Optional.of(instances);
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (IOException | JacksonException ex) {
			log.warn("The instances of " + service + " kept in " + file + " cannot be read and are left aside: " + ex);
			return Optional.empty();
		}
	}

	/**
	 * Keeps a list that Consul has just confirmed, unless it is empty: a process that
	 * starts later is better off with the one before.
	 * @param service the service's name
	 * @param instances its instances
	 */
	synchronized void keep(String service, List<ServiceEndpoint> instances) {
		Instant now = clock.instant();
		Kept last = kept.get(service);
		if (folder == null || instances.isEmpty()
				|| (last != null && last.instances.equals(instances) && now.isBefore(last.written.plus(RENEWAL)))) {
			return;
		}
		kept.put(service, new Kept(instances, now));
		Path file = file(folder, service);
		try {
			Files.createDirectories(folder);
			Path whole = Files.createTempFile(folder, file.getFileName().toString(), ".new");
			try {
				Files.writeString(whole, json.writeValueAsString(instances));
				Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
			}
			finally {
				Files.deleteIfExists(whole);
			}
		}
		catch (IOException ex) {
			if (!failed) {
				failed = true;
				log.warn("The instances of " + service + " cannot be kept in " + file + " (" + ex
						+ "). A process that starts while Consul is away knows nobody then. Name a folder that can be"
						+ " written to by PLATFORM_DISCOVERY_SNAPSHOTS.");
			}
		}
	}

	private Path file(Path folder, String service) {
		return folder.resolve((agent + "-" + service).replaceAll("[^A-Za-z0-9._-]", "_") + ".json");
	}

	private record Kept(List<ServiceEndpoint> instances, Instant written) {
	}

}
