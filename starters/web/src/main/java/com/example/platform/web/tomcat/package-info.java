/**
 * Problem details for requests that Tomcat refuses before any servlet sees them.
 */
@NullMarked
package com.example.platform.web.tomcat;

import org.jspecify.annotations.NullMarked;
