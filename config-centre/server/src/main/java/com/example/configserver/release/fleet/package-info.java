/**
 * The instances that take their configuration from here, as Consul tells of them.
 */
@NullMarked
package com.example.configserver.release.fleet;

import org.jspecify.annotations.NullMarked;
