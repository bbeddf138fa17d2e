/**
 * The documents of the config server's HTTP API, which {@code ./dev config} reads.
 */
@NullMarked
package com.example.platform.configprotocol.api;

import org.jspecify.annotations.NullMarked;
