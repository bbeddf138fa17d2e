package com.example.platform.web;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a service accepts over HTTP.
 *
 * @param maxRequestBody largest request body that is accepted
 * @param singleHeaders headers that may come once at most, besides those that a handler
 * takes
 */
@ConfigurationProperties("platform.web")
public record WebProperties(@DefaultValue("1MB") DataSize maxRequestBody, @DefaultValue( {
		"Content-Type", "X-Request-Timeout", "x-canary" }) List<String> singleHeaders){
}
