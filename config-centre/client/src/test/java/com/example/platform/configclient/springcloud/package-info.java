/**
 * Tests of the package of the same name.
 */
@NullMarked
package com.example.platform.configclient.springcloud;

import org.jspecify.annotations.NullMarked;
