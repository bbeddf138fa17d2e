/**
 * Operating system processes, ports and conditions: what every part of the local system
 * is made of.
 */
@NullMarked
package com.example.launcher.process;

import org.jspecify.annotations.NullMarked;
