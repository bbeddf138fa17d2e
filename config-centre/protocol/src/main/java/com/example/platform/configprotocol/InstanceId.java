package com.example.platform.configprotocol;

/**
 * The name by which an instance is known in the registry and in releases.
 */
public final class InstanceId {

	/**
	 * The key that holds it.
	 */
	public static final String PROPERTY = "spring.cloud.consul.discovery.instance-id";

	private InstanceId() {
	}

	/**
	 * Spells an id as the registry does, which takes letters, digits and single hyphens
	 * alone.
	 * @param configured value of {@value #PROPERTY}
	 * @return the id in the registry
	 */
	public static String of(String configured) {
		return configured.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("-$", "");
	}

}
