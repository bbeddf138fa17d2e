// if client
/**
 * Calls of user-service.
 */
@NullMarked
package com.example.sampleitem.user;

import org.jspecify.annotations.NullMarked;
// end
