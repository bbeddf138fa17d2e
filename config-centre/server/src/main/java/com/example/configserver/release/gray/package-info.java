/**
 * A revision that only some instances run: who is chosen, how they do beside the others,
 * and when that is bad enough to take it back. Guarded by {@code GrayChoiceTests},
 * {@code GrayWatchTests} and {@code GrayBoundsTests}.
 */
@NullMarked
package com.example.configserver.release.gray;

import org.jspecify.annotations.NullMarked;
