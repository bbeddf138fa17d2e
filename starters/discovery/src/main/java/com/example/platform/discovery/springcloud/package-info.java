/**
 * Lets Spring Cloud LoadBalancer, and so the gateway's {@code lb://} routes, follow the
 * {@link com.example.platform.discovery.ServiceDirectory}.
 */
@NullMarked
package com.example.platform.discovery.springcloud;

import org.jspecify.annotations.NullMarked;
