package com.example.configserver.release;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.example.configserver.release.Registry.Entry;
import com.example.platform.configprotocol.ConfigKey;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.ServiceKeys;
import com.example.platform.configprotocol.keys.KeyCatalogue;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.discovery.ServiceEndpoint;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The instances that take their configuration from here: what each reports about its
 * configuration, and where it is. Thread-safe.
 */
public final class Fleet implements AutoCloseable {

	private static final Log log = LogFactory.getLog(Fleet.class);

	private static final long ANSWER_SECONDS = 2;

	private static final JsonMapper JSON = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

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
	void watch(Runnable changed, Runnable learnt) {
		if (consul != null) {
			Registry instances = new Registry(consul, changed);
			registry = instances;
			String keysPath = "/v1/kv/" + InstanceReport.KEYS_FOLDER + "?recurse=true";
			try {
				takeKeys(consul.get(keysPath).orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS).join());
			}
			catch (CompletionException ex) {
				log.debug("Consul does not tell yet what keys services obey", ex);
			}
			watches.add(consul.watch(keysPath, (answer) -> {
				takeKeys(answer);
				learnt.run();
			}));
			watches.add(consul.watch("/v1/kv/" + InstanceReport.FOLDER + "?recurse=true", (answer) -> {
				reports = List.copyOf(read(answer, InstanceReport::parse).values());
				instances.follow(reports.stream().map(InstanceReport::service).collect(Collectors.toSet()));
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

	/**
	 * Returns the keys that each service obeys.
	 * @return keys by service, of the services that have ever reported
	 */
	public Map<String, List<ConfigKey>> keys() {
		Map<String, List<ConfigKey>> obeyed = new TreeMap<>();
		keys.forEach((service, ofService) -> obeyed.put(service, ofService.obeyed()));
		return obeyed;
	}

	/**
	 * Returns the keys that any service obeys or knows of.
	 * @return empty until a service has reported
	 */
	public KeyCatalogue catalogue() {
		return catalogue;
	}

	List<InstanceReport> reports() {
		return reports;
	}

	/**
	 * Returns the instances, as far as Consul has told of them; does not wait for it.
	 * @return those that are registered and have reported, by service and id
	 */
	public List<Member> members() {
		Registry instances = registry;
		if (instances == null) {
			return List.of();
		}
		Map<String, InstanceReport> byInstance = new LinkedHashMap<>();
		reports.forEach((report) -> byInstance.put(report.instance(), report));
		List<Member> members = new ArrayList<>();
		for (String service : new TreeSet<>(reports.stream().map(InstanceReport::service).toList())) {
			for (Entry entry : instances.instances(service)) {
				InstanceReport report = byInstance.get(entry.id());
				if (report != null) {
					members.add(new Member(report, entry.address(), entry.metadata(ServiceEndpoint.ZONE),
							entry.metadata(ServiceEndpoint.VERSION)));
				}
			}
		}
		members.sort((a, b) -> (a.service() + '/' + a.instance()).compareTo(b.service() + '/' + b.instance()));
		return members;
	}

	/**
	 * Forgets reports of instances that ended without a word a day ago or earlier.
	 * @param now the time; looks once an hour
	 */
	void forget(Instant now) {
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
				var unused = consul.delete("/v1/kv/" + InstanceReport.FOLDER + report.instance());
			}
		}
	}

	private void takeKeys(Answer answer) {
		Map<String, ServiceKeys> read = read(answer, InstanceReport::parseKeys);
		// Of two entries the later one counts: what is obeyed says more.
		List<ConfigKey> all = new ArrayList<>();
		read.values().forEach((ofService) -> all.addAll(ofService.known()));
		read.values().forEach((ofService) -> all.addAll(ofService.obeyed()));
		catalogue = KeyCatalogue.of(all,
				read.values().stream().flatMap((ofService) -> ofService.complete().stream()).toList());
		keys = read;
	}

	private static <T> Map<String, T> read(Answer answer, Function<String, T> parse) {
		Map<String, T> read = new TreeMap<>();
		if (answer.body() != null) {
			for (Stored stored : JSON.readValue(answer.body(), Stored[].class)) {
				if (stored.value == null) {
					continue;
				}
				try {
					read.put(stored.key.substring(stored.key.lastIndexOf('/') + 1),
							parse.apply(new String(Base64.getDecoder().decode(stored.value), StandardCharsets.UTF_8)));
				}
				catch (JacksonException ex) {
					log.warn("What stands in Consul under " + stored.key + " cannot be read and is left aside: "
							+ ex.getOriginalMessage());
				}
			}
		}
		return read;
	}

	/**
	 * A registered instance.
	 *
	 * @param report what it reports about its configuration
	 * @param address host and port at which it answers for its actuator
	 * @param zone its zone; empty for none
	 * @param version its version; empty for none
	 */
	public record Member(InstanceReport report, String address, String zone, String version) {

		String service() {
			return report.service();
		}

		String instance() {
			return report.instance();
		}

	}

	// As Consul answers.

	private record Stored(@JsonProperty("Key") String key, @JsonProperty("Value") @Nullable String value) {
	}

}
