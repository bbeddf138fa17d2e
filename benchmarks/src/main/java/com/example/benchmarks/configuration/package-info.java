/**
 * How soon a saved configuration reaches a fleet, and what that costs the config server.
 */
@NullMarked
package com.example.benchmarks.configuration;

import org.jspecify.annotations.NullMarked;
