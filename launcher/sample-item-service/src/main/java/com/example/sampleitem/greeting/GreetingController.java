// if rest
package com.example.sampleitem.greeting;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The greeting over REST.
 */
@Tag(name = "Greeting")
@RestController
class GreetingController {

	private final Greetings greetings;

	GreetingController(Greetings greetings) {
		this.greetings = greetings;
	}

	@Operation(summary = "Greet somebody",
			description = "With a text of the live configuration, key sample-items.greeting.text.")
	@GetMapping(path = "/api/sample-items/greeting", produces = MediaType.APPLICATION_JSON_VALUE)
	Greeting greeting(@RequestParam(defaultValue = "world") @NotBlank @Size(max = 100) String name) {
		return new Greeting(greetings.greet(name));
	}

	/**
	 * What somebody is greeted with.
	 */
	record Greeting(String greeting) {
	}

}
// end
