package com.example.platform.configprotocol;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What an instance tells the config server about its configuration, by way of Consul's
 * key-value store.
 *
 * @param service the service it is an instance of
 * @param instance its id in the registry
 * @param revision the revision it runs
 * @param source where that came from
 * @param since when it took effect
 * @param refused the revision it was to run and refuses; {@code null} for none
 * @param pending keys that have changed since it was started and need a restart
 */
public record InstanceReport(String service, String instance, String revision, Source source, Instant since,
		@Nullable Refused refused, List<String> pending) {

	/**
	 * Below which path of Consul's key-value store each instance has its report, as JSON.
	 */
	public static final String FOLDER = "platform/config/instances/";

	/**
	 * Below which path each service has the keys that it obeys, as JSON.
	 */
	public static final String KEYS_FOLDER = "platform/config/keys/";

	/**
	 * Reads a report.
	 * @param json what stands in the key-value store
	 * @return the report
	 * @throws tools.jackson.core.JacksonException when it is none
	 */
	public static InstanceReport parse(String json) {
		return Json.read(json, InstanceReport.class);
	}

	/**
	 * Reads the keys of a service.
	 * @param json what stands in the key-value store
	 * @return the keys
	 * @throws tools.jackson.core.JacksonException when it is none
	 */
	public static ServiceKeys parseKeys(String json) {
		return Json.read(json, ServiceKeys.class);
	}

	/**
	 * Where an instance's configuration came from.
	 */
	public enum Source {

		/** From the config server. */
		@JsonProperty("server")
		SERVER,

		/** From the last good snapshot, because no config server answered. */
		@JsonProperty("snapshot")
		SNAPSHOT

	}

	/**
	 * The keys of a service.
	 *
	 * @param obeyed what it obeys
	 * @param known what stands in its libraries' metadata besides, for others to obey
	 * @param complete groups of keys, such as {@code users}, that it obeys no other keys
	 * of: prefixes of records. A service of an older version does not tell.
	 */
	public record ServiceKeys(List<ConfigKey> obeyed, List<ConfigKey> known, List<String> complete) {

		public ServiceKeys {
			complete = Objects.requireNonNullElse(complete, List.of());
		}

	}

	/**
	 * A revision that an instance does not run.
	 *
	 * @param revision the revision
	 * @param problems why not
	 */
	public record Refused(String revision, List<Problem> problems) {
	}

}
