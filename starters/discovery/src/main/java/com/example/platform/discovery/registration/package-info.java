/**
 * An instance's own entry in Consul: made when its servers run, kept while it runs,
 * removed when they have closed. Guarded by {@code InstanceRegistrationIntegrationTests}.
 */
@NullMarked
package com.example.platform.discovery.registration;

import org.jspecify.annotations.NullMarked;
