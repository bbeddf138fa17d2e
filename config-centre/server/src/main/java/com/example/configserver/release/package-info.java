/**
 * Which revision each instance is to run: releases, gray releases and taking them back,
 * agreed upon by all config servers through Consul. {@code Releases} is the way in,
 * {@code Decisions} says what may happen. Guarded by {@code DecisionsTests},
 * {@code ConfigCentreIntegrationTests} and {@code GitCentreIntegrationTests}.
 */
@NullMarked
package com.example.configserver.release;

import org.jspecify.annotations.NullMarked;
