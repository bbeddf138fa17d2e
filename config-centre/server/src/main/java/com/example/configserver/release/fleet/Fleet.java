package com.example.configserver.release.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.platform.configclient.keys.KeyCatalogue;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.ServiceKeys;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.KeyValue;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The instances that take their configuration from here: what each reports about its
 * configuration, and where it is. Asking does not wait for Consul. Thread-safe.
 */
public final class Fleet implements AutoCloseable {

	private static final Log log = LogFactory.getLog(Fleet.class);

	private static final long ANSWER_SECONDS = 2;

	private final @Nullable Consul consul;

	private final List<BlockingQuery> watches = new ArrayList<>();

	private volatile @Nullable Registry registry;

	private volatile List<InstanceReport> reports = List.of();

	private Instant nextCleaning = Instant.EPOCH;

	private volatile Map<String, ServiceKeys> keys = Map.of();

	private volatile KeyCatalogue catalogue = KeyCatalogue.of(List.of(), List.of());

	/**
	 * Creates a fleet that is empty until it is watched.
	 * @param consul where instances report; {@code null} for nowhere
	 */
	public Fleet(@Nullable Consul consul) {
		this.consul = consul;
	}

	/**
	 * Begins to listen to the instances. What keys they obey is known when this returns,
	 * if Consul answers soon.
	 * @param changed called on Consul's watch thread when a report has changed, or the
	 * registry
	 * @param learnt called on Consul's watch thread when a service obeys other keys
	 */
	public void watch(Runnable changed, Runnable learnt) {
		if (consul != null) {
			Registry instances = new Registry(consul, changed);
			registry = instances;
			try {
				takeKeys(consul.kv()
					.list(InstanceReport.KEYS_FOLDER)
					.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
					.join());
			}
			catch (CompletionException ex) {
				log.debug("Consul does not tell yet what keys services obey", ex);
			}
			watches.add(consul.kv().watchAll(InstanceReport.KEYS_FOLDER, (answer) -> {
				takeKeys(answer.body());
				learnt.run();
			}));
			watches.add(consul.kv().watchAll(InstanceReport.FOLDER, (answer) -> {
				reports = List.copyOf(read(answer.body(), InstanceReport::parse).values());
				instances.follow(services());
				changed.run();
			}));
		}
	}

	@Override
	public void close() {
		watches.forEach(BlockingQuery::close);
		if (registry != null) {
			registry.close();
		}
	}

	/** Returns the keys that each service obeys which has ever reported. */
	public Map<String, List<ConfigKey>> keys() {
		Map<String, List<ConfigKey>> obeyed = new TreeMap<>();
		keys.forEach((service, ofService) -> obeyed.put(service, ofService.obeyed()));
		return obeyed;
	}

	/** Returns the keys that any service obeys or knows of. */
	public KeyCatalogue catalogue() {
		return catalogue;
	}

	public List<InstanceReport> reports() {
		return reports;
	}

	/** Returns the services of which an instance has reported. */
	public Set<String> services() {
		return reports.stream().map(InstanceReport::service).collect(Collectors.toSet());
	}

	/** Returns the instances that are registered and have reported, by service and id. */
	public List<Member> members() {
		Registry instances = registry;
		if (instances == null) {
			return List.of();
		}
		Map<String, InstanceReport> byInstance = new TreeMap<>();
		reports.forEach((report) -> byInstance.put(report.instance(), report));
		return services().stream().flatMap((service) -> instances.instances(service).stream()).flatMap((instance) -> {
			InstanceReport report = byInstance.get(instance.id());
			return (report != null)
					? Stream.of(new Member(report, instance.address(), instance.zone(), instance.version()))
					: Stream.empty();
		}).sorted(Comparator.comparing((member) -> member.service() + '/' + member.instance())).toList();
	}

	/**
	 * Forgets reports of instances that ended without a word a day ago or earlier.
	 * @param now the time; looks once an hour
	 */
	public void forget(Instant now) {
		Registry instances = registry;
		if (consul == null || instances == null || now.isBefore(nextCleaning)) {
			return;
		}
		nextCleaning = now.plus(Duration.ofHours(1));
		Instant since = now.minus(Duration.ofDays(1));
		Set<String> present = members().stream().map(Member::instance).collect(Collectors.toSet());
		for (InstanceReport report : reports) {
			if (instances.knows(report.service()) && !present.contains(report.instance())
					&& report.since().isBefore(since)) {
				var unused = consul.kv().delete(InstanceReport.FOLDER + report.instance());
			}
		}
	}

	private void takeKeys(List<KeyValue> entries) {
		Map<String, ServiceKeys> read = read(entries, InstanceReport::parseKeys);
		// Of two entries the later one counts: what is obeyed says more.
		List<ConfigKey> all = new ArrayList<>();
		read.values().forEach((ofService) -> all.addAll(ofService.known()));
		read.values().forEach((ofService) -> all.addAll(ofService.obeyed()));
		catalogue = KeyCatalogue.of(all,
				read.values().stream().flatMap((ofService) -> ofService.complete().stream()).toList());
		keys = read;
	}

	private static <T> Map<String, T> read(List<KeyValue> entries, Function<String, T> parse) {
		Map<String, T> read = new TreeMap<>();
		for (KeyValue entry : entries) {
			String key = entry.key();
			// A folder has a key too.
			if (!entry.value().isEmpty()) {
				try {
					read.put(key.substring(key.lastIndexOf('/') + 1), parse.apply(entry.value()));
				}
				catch (JacksonException ex) {
					log.warn("What stands in Consul under " + key + " cannot be read and is left aside: "
							+ ex.getOriginalMessage());
				}
			}
		}
		return read;
	}

}
