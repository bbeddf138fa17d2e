/**
 * A revision that only some instances run: who is chosen, how they do beside the others,
 * and when that is bad enough to take it back.
 */
@NullMarked
package com.example.configserver.release.gray;

import org.jspecify.annotations.NullMarked;
