package com.example.user.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Live configuration of this service.
 *
 * @param greeting What visitors are greeted with.
 * @param limits What one caller may ask for.
 */
@ConfigurationProperties("users")
record UserSettings(@DefaultValue("Hello") @NotBlank String greeting, @DefaultValue @Valid Limits limits) {

	/**
	 * What one caller may ask for.
	 *
	 * @param maxImport Most users in one import, which is held in memory until it is
	 * complete.
	 */
	record Limits(@DefaultValue("1000") @Positive @Max(100_000) int maxImport) {
	}

}
