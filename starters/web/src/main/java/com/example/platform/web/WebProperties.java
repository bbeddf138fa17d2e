package com.example.platform.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a service accepts over HTTP.
 *
 * @param maxRequestBody largest request body that is accepted
 */
@ConfigurationProperties("platform.web")
public record WebProperties(@DefaultValue("1MB") DataSize maxRequestBody) {
}
