/**
 * Which revision each instance is to run: releases, gray releases and taking them back,
 * agreed upon by all config servers through Consul. Guarded by {@code GrayBoundsTests},
 * {@code GrayChoiceTests}, {@code ConfigCentreIntegrationTests} and
 * {@code GitCentreIntegrationTests}.
 */
@NullMarked
package com.example.configserver.release;

import org.jspecify.annotations.NullMarked;
