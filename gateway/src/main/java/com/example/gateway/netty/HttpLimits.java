package com.example.gateway.netty;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much of a request the gateway reads, and how long it waits for it. The length of
 * the request line and of all header lines are Spring Boot's own keys.
 *
 * @param maxHeaderLines Most header lines of a request.
 * @param headTimeout Time from the first byte of a request to the end of its headers.
 * @param bodyTimeout Time that the gateway waits for more of a body while none of it
 * comes.
 */
@ConfigurationProperties("platform.gateway.http")
record HttpLimits(@DefaultValue("100") int maxHeaderLines, @DefaultValue("10s") Duration headTimeout,
		@DefaultValue("10s") Duration bodyTimeout) {

}
