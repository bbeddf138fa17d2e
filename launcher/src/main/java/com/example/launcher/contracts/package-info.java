/**
 * The contracts of the services, over gRPC and REST: what breaks their callers, and who
 * these are.
 */
@NullMarked
package com.example.launcher.contracts;

import org.jspecify.annotations.NullMarked;
