package com.example.sampleitem.greeting;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.constraints.NotBlank;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Live configuration of the greeting.
 *
 * @param text What stands before the name.
 */
@Live
@ConfigurationProperties("sample-items.greeting")
record GreetingSettings(@DefaultValue("Hello") @NotBlank String text) {
}
