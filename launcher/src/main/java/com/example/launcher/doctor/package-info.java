/**
 * Looks at this machine before, or after, something does not work.
 */
@NullMarked
package com.example.launcher.doctor;

import org.jspecify.annotations.NullMarked;
