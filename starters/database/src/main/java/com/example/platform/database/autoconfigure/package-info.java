/**
 * Wiring of the database. Guarded by {@code DatabaseAutoConfigurationTests}.
 */
@NullMarked
package com.example.platform.database.autoconfigure;

import org.jspecify.annotations.NullMarked;
