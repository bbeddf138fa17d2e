package com.example.user.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Live configuration of this service, keys {@code users.*}.
 *
 * @param greeting what visitors are greeted with
 * @param limits what one caller may ask for
 */
record UserSettings(@DefaultValue("Hello") @NotBlank String greeting, @DefaultValue @Valid Limits limits) {

	/**
	 * What one caller may ask for.
	 *
	 * @param maxImport the most users in one import; an import is held in memory until it
	 * is complete
	 */
	record Limits(@DefaultValue("1000") @Positive @Max(100_000) int maxImport) {
	}

}
