package com.example.platform.discovery.registration;

import java.util.List;

/**
 * Tells which components of this instance are down though it may be ready for calls.
 */
@FunctionalInterface
public interface DownComponents {

	/**
	 * Names the components that are down now. May block; a failure counts as down.
	 * @return names for people, empty when all is well
	 */
	List<String> names();

}
