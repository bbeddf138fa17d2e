/**
 * Jobs whose work is split over the live instances, and whose results are merged. Guarded
 * by {@code ShardingIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.sharding;

import org.jspecify.annotations.NullMarked;
