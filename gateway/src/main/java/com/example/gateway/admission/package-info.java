/**
 * What the gateway takes on at once, and the bodies that it holds meanwhile.
 */
@NullMarked
package com.example.gateway.admission;

import org.jspecify.annotations.NullMarked;
