/**
 * Tests of what Tomcat refuses.
 */
@NullMarked
package com.example.platform.web.tomcat;

import org.jspecify.annotations.NullMarked;
