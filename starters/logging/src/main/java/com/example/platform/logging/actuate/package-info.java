/**
 * What the actuator shows of logging.
 */
@NullMarked
package com.example.platform.logging.actuate;

import org.jspecify.annotations.NullMarked;
