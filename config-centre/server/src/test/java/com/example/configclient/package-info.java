/**
 * A service that takes its configuration from a config server, for tests of both. Beside
 * the config server's package, whose component scan is to find none of it.
 */
@NullMarked
package com.example.configclient;

import org.jspecify.annotations.NullMarked;
