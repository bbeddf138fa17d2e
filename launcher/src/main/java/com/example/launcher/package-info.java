/**
 * The local system: every process of this repository on one machine, without Docker.
 * {@link com.example.launcher.Topology} is the page to read first.
 */
@NullMarked
package com.example.launcher;

import org.jspecify.annotations.NullMarked;
