/**
 * What a running config server tells and can be told, over its HTTP API.
 */
@NullMarked
package com.example.launcher.configserver;

import org.jspecify.annotations.NullMarked;
