/**
 * Request ids in reactive applications.
 */
@NullMarked
package com.example.platform.observability.reactive;

import org.jspecify.annotations.NullMarked;
