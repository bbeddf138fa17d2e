/**
 * Lets an instance's state in Consul follow Spring Boot's health. Guarded by
 * {@code InstanceRegistrationIntegrationTests}.
 */
@NullMarked
package com.example.platform.discovery.actuator;

import org.jspecify.annotations.NullMarked;
