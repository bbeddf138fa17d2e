/**
 * Jobs as they are seen and steered. Guarded by {@code JobsIntegrationTests}.
 */
@NullMarked
package com.example.platform.scheduling.actuate;

import org.jspecify.annotations.NullMarked;
