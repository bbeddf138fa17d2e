/**
 * Tells which revision is in effect: the config server, health, metrics and the actuator.
 */
@NullMarked
package com.example.platform.configclient.reporting;

import org.jspecify.annotations.NullMarked;
