package com.example.user.account;

import com.example.platform.liveconfiguration.Live;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Live configuration of this service.
 *
 * @param greeting What visitors are greeted with.
 * @param pageSize Users on a page when the request does not say how many.
 */
@Live
@ConfigurationProperties("users")
record UserSettings(@DefaultValue("Hello") @NotBlank String greeting,
		@DefaultValue("20") @Min(1) @Max(100) int pageSize) {
}
