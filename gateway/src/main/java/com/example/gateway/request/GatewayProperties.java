package com.example.gateway.request;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of the gateway beyond Spring Cloud Gateway's own keys.
 *
 * @param maxRequestSize Largest request body that is passed on.
 */
@ConfigurationProperties("platform.gateway")
record GatewayProperties(@DefaultValue("1MB") DataSize maxRequestSize) {

}
