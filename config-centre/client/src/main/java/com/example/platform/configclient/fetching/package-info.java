/**
 * Takes a revision from a config server, at the start and while the service runs.
 */
@NullMarked
package com.example.platform.configclient.fetching;

import org.jspecify.annotations.NullMarked;
