package com.example.platform.liveconfiguration;

import java.util.List;

import org.springframework.core.env.Environment;

/**
 * Makes, for a try, what a component would make of a configuration. A value may be of the
 * right type and still be of no use, such as a route with an unknown predicate. Each bean
 * of this type is asked when the application starts, and again before a revision takes
 * effect that changes one of its keys; what it finds refuses the configuration.
 */
public interface ConfigurationTrial {

	/**
	 * Names the groups of keys that matter to the component.
	 * @return prefixes, in canonical form
	 */
	List<String> prefixes();

	/**
	 * Tries a configuration beside the one in use, which it must not touch. Called by one
	 * thread at a time.
	 * @param candidate what may become the environment
	 * @return what is of no use; empty when all is well
	 */
	List<Flaw> tryOut(Environment candidate);

}
