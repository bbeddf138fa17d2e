/**
 * An instance's own entry in Consul: made when it is ready, kept while it runs, removed
 * before it closes anything. Guarded by {@code InstanceRegistrationIntegrationTests}.
 */
@NullMarked
package com.example.platform.discovery.registration;

import org.jspecify.annotations.NullMarked;
