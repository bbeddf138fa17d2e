/**
 * What log lines say of the request that they are about.
 */
@NullMarked
package com.example.gateway.observation;

import org.jspecify.annotations.NullMarked;
