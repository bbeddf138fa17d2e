/**
 * Adapter to Spring Cloud, which binds beans with setters anew.
 */
@NullMarked
package com.example.platform.liveconfiguration.springcloud;

import org.jspecify.annotations.NullMarked;
