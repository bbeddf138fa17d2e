/**
 * A real Consul agent: where its binary comes from and how it runs.
 */
@NullMarked
package com.example.launcher.consul;

import org.jspecify.annotations.NullMarked;
