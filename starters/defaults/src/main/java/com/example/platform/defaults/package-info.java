/**
 * What all starters agree on: default properties that a starter ships and every service
 * may override, and whose fault a failure is. Guarded by {@code FaultTests} and
 * {@code StarterDefaultsTests}.
 */
@NullMarked
package com.example.platform.defaults;

import org.jspecify.annotations.NullMarked;
