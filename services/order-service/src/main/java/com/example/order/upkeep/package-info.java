/**
 * What becomes of orders with time: unpaid ones expire, keys of old ones are forgotten.
 * Jobs that run once in the cluster. Guarded by {@code UpkeepIntegrationTests}.
 */
@NullMarked
package com.example.order.upkeep;

import org.jspecify.annotations.NullMarked;
