/**
 * Renews what has changed besides the live records: beans and log levels.
 */
@NullMarked
package com.example.platform.configclient.renewal;

import org.jspecify.annotations.NullMarked;
