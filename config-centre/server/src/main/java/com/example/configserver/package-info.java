/**
 * The configuration server: serves {@code config-repo/} to all services and announces
 * each revision of it. Guarded by {@code ConfigCentreIntegrationTests}.
 */
@NullMarked
package com.example.configserver;

import org.jspecify.annotations.NullMarked;
