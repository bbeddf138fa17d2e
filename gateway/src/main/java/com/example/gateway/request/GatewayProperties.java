package com.example.gateway.request;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration of the gateway beyond Spring Cloud Gateway's own keys.
 *
 * @param maxRequestSize Largest request body that is passed on.
 * @param maxHeldBody Largest request body that is read to its end before a service is
 * asked. Only such a request can be repeated.
 * @param homePage Whether there is a page for developers at the path /, which tells what
 * runs where. For a system that nobody else can reach.
 */
@ConfigurationProperties("platform.gateway")
public record GatewayProperties(@DefaultValue("1MB") DataSize maxRequestSize, @DefaultValue("1MB") DataSize maxHeldBody,
		@DefaultValue("false") boolean homePage) {

}
