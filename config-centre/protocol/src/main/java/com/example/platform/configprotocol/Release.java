package com.example.platform.configprotocol;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which configuration revision each instance is to run. The config server writes it to
 * Consul's key-value store, all instances watch it there.
 *
 * @param revision what every instance runs that belongs to no gray release
 * @param gray a revision that only some instances run for now; {@code null} for none
 * @param goodFor by service whose instances refuse {@code revision}, the revision that
 * they run instead
 */
public record Release(String revision, @Nullable Gray gray, Map<String, String> goodFor) {

	/**
	 * Where in Consul's key-value store the release stands, as JSON.
	 */
	public static final String KEY = "platform/config/release";

	/**
	 * Creates a release.
	 * @param revision what every instance runs that belongs to no gray release
	 * @param gray a revision that only some instances run; {@code null} for none
	 * @param goodFor what services run instead that refuse the revision
	 */
	public Release {
		goodFor = (goodFor != null) ? Map.copyOf(goodFor) : Map.of();
	}

	/**
	 * Reads a release.
	 * @param json what stands in the key-value store
	 * @return the release
	 * @throws tools.jackson.core.JacksonException when it is none
	 */
	public static Release parse(String json) {
		return Json.read(json, Release.class);
	}

	/**
	 * Tells which revision an instance is to run.
	 * @param instance its id in the registry
	 * @return the gray revision if the instance belongs to the gray release
	 */
	public String revisionFor(String instance) {
		return (gray != null && gray.instances.contains(instance)) ? gray.revision : revision;
	}

	/**
	 * Tells which revision an instance is to start with: one that other instances of its
	 * service refuse would keep it from starting.
	 * @param service the service it is an instance of
	 * @param instance its id in the registry
	 * @return a revision that nobody of the service is known to refuse
	 */
	public String revisionToStart(String service, String instance) {
		String toRun = revisionFor(instance);
		return toRun.equals(revision) ? goodFor.getOrDefault(service, revision) : toRun;
	}

	/**
	 * A revision that only some instances run for now.
	 *
	 * @param revision the revision
	 * @param instances ids of those instances in the registry
	 */
	public record Gray(String revision, Set<String> instances) {
	}

}
