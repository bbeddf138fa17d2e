/**
 * Routes by id, which follow the live configuration.
 */
@NullMarked
package com.example.gateway.routes;

import org.jspecify.annotations.NullMarked;
