package com.example.sampleitem.greeting;

import java.util.function.Supplier;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

import org.springframework.stereotype.Service;
import org.springframework.validation.annotation.Validated;

/**
 * Greets, whichever way somebody asks. Arguments that break a rule are refused with a
 * {@code ConstraintViolationException}.
 */
@Service
@Validated
class Greetings {

	private final Supplier<GreetingSettings> settings;

	Greetings(Supplier<GreetingSettings> settings) {
		this.settings = settings;
	}

	/**
	 * Greets somebody.
	 * @param name who is greeted
	 */
	String greet(@NotBlank @Size(max = 100) String name) {
		return settings.get().text() + " " + name;
	}

}
