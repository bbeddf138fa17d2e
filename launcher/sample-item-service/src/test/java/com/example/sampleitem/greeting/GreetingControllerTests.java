// if rest
package com.example.sampleitem.greeting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestConstructor;
import org.springframework.test.context.TestConstructor.AutowireMode;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResultAssert;

@WebMvcTest(controllers = GreetingController.class, properties = "spring.cloud.config.enabled=false")
@TestConstructor(autowireMode = AutowireMode.ALL)
class GreetingControllerTests {

	private final MockMvcTester mvc;

	GreetingControllerTests(MockMvcTester mvc) {
		this.mvc = mvc;
	}

	@Test
	void theGreetingBeginsWithTheTextOfTheConfiguration() {
		mvc.get()
			.uri("/api/sample-items/greeting?name=Ada")
			.assertThat()
			.bodyJson()
			.extractingPath("$.greeting")
			.isEqualTo("Welcome Ada");
	}

	@ParameterizedTest
	@CsvSource({ "'?name= ', name, must not be blank", "?name=a&name=b, name, 'must be given once, not 2 times'" })
	void aBadNameIsRefusedWithFieldAndReason(String query, String field, String reason) {
		MvcTestResultAssert response = mvc.get().uri("/api/sample-items/greeting" + query).assertThat().hasStatus(400);
		response.bodyJson().extractingPath("$.errors[0].field").isEqualTo(field);
		response.bodyJson().extractingPath("$.errors[0].reason").isEqualTo(reason);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Settings {

		@Bean
		Greetings greetings() {
			return new Greetings(() -> new GreetingSettings("Welcome"));
		}

	}

}
// end
