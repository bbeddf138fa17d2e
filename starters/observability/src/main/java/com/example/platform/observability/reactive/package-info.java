/**
 * Request ids and the fault of requests in reactive applications.
 */
@NullMarked
package com.example.platform.observability.reactive;

import org.jspecify.annotations.NullMarked;
