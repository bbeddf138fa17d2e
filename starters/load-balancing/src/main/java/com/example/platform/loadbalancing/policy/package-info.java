/**
 * Balancing policies: how loaded a node is ({@link LoadMetric}) apart from how to choose
 * one ({@link Picker}), composed by name ({@link PolicyName}). The control path builds an
 * immutable picker at each change; the hot path only reads it, without lock and without
 * allocation. Guarded by {@code PolicyTests} here and {@code PolicyQualityTests} in
 * {@code benchmarks}.
 */
@NullMarked
package com.example.platform.loadbalancing.policy;

import org.jspecify.annotations.NullMarked;
