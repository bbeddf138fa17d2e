/**
 * The orders of a day in numbers: a job that all instances share. Guarded by
 * {@code UpkeepIntegrationTests}.
 */
@NullMarked
package com.example.order.summary;

import org.jspecify.annotations.NullMarked;
