/**
 * Tries a revision before it counts, and knows the keys that the application obeys.
 */
@NullMarked
package com.example.platform.configclient.checking;

import org.jspecify.annotations.NullMarked;
