/**
 * What is right only below Spring: request targets that pass byte for byte, bodies that
 * are broken, and interim responses. Guarded by {@code EdgeIntegrationTests}.
 */
@NullMarked
package com.example.gateway.netty;

import org.jspecify.annotations.NullMarked;
