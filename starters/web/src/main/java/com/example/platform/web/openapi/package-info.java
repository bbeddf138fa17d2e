/**
 * The OpenAPI document of a service, completed with what all services answer.
 */
@NullMarked
package com.example.platform.web.openapi;

import org.jspecify.annotations.NullMarked;
