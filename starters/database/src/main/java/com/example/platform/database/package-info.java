/**
 * What a call may ask of a database, and for how long. Guarded by
 * {@code CallBoundDataSourceIntegrationTests}.
 */
@NullMarked
package com.example.platform.database;

import org.jspecify.annotations.NullMarked;
