/**
 * What somebody meets who has just cloned this repository, on a machine that is not as it
 * should be.
 */
@NullMarked
package com.example.launcher.mistakes;

import org.jspecify.annotations.NullMarked;
