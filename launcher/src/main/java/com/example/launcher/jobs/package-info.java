/**
 * The jobs of the services of a running system, asked and steered from outside. Guarded
 * by {@code JobsCommandTests}.
 */
@NullMarked
package com.example.launcher.jobs;

import org.jspecify.annotations.NullMarked;
