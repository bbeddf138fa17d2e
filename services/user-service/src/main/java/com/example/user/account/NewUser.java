package com.example.user.account;

import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * What is needed to create a user.
 *
 * @param name what the user is called
 * @param email must not be taken
 */
record NewUser(
		@NotBlank @Size(max = 100) @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]*",
				message = "must not contain control characters") String name,
		@NotBlank @Email @Size(max = 254) String email) {
}
