/**
 * Request ids and the fault of requests in servlet applications.
 */
@NullMarked
package com.example.platform.observability.servlet;

import org.jspecify.annotations.NullMarked;
