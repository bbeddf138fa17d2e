package com.example.configclient;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.example.platform.liveconfiguration.LiveConfiguration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A service with a live record, and with what people bring along who come from elsewhere.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableConfigurationProperties(ClientApplication.Classic.class)
public class ClientApplication {

	/**
	 * The service's live record.
	 *
	 * @param text What it says.
	 * @param failures How many of ten requests fail.
	 * @param secret What it tells nobody.
	 */
	@ConfigurationProperties("greeting")
	public record Greeting(@DefaultValue("none") String text, @DefaultValue("0") @Min(0) @Max(10) int failures,
			@DefaultValue("") String secret) {
	}

	/** Setters, as in most applications. */
	@ConfigurationProperties("classic")
	public static class Classic {

		private String text = "default";

		private int size = 1;

		private String apiKey = "";

		public String getText() {
			return text;
		}

		public void setText(String text) {
			this.text = text;
		}

		public String getApiKey() {
			return apiKey;
		}

		public void setApiKey(String apiKey) {
			this.apiKey = apiKey;
		}

		public int getSize() {
			return size;
		}

		public void setSize(int size) {
			this.size = size;
		}

	}

	/** Of a library, which the application binds in its own way. */
	public static class Pool {

		private TimeUnit unit = TimeUnit.DAYS;

		public TimeUnit getUnit() {
			return unit;
		}

		public void setUnit(TimeUnit unit) {
			this.unit = unit;
		}

	}

	/** Made anew when something changes. */
	public static class Refreshed {

		private final String text;

		Refreshed(String text) {
			this.text = text;
		}

		public String text() {
			return text;
		}

	}

	/** Everything that a listener has heard. */
	public static final class Heard {

		private final List<Greeting> greetings = new CopyOnWriteArrayList<>();

		public List<Greeting> greetings() {
			return greetings;
		}

	}

	@Bean
	Supplier<Greeting> greeting(LiveConfiguration live) {
		return live.bind(Greeting.class);
	}

	@Bean
	Heard heard(LiveConfiguration live) {
		Heard heard = new Heard();
		live.follow(Greeting.class, heard.greetings::add);
		return heard;
	}

	@Bean
	@ConfigurationProperties("pool")
	Pool pool() {
		return new Pool();
	}

	@Bean
	@RefreshScope
	Refreshed refreshed(@Value("${refreshed.text:default}") String text) {
		return new Refreshed(text);
	}

	@RestController
	static final class Endpoint {

		private final Supplier<Greeting> greeting;

		private final AtomicInteger counter = new AtomicInteger();

		Endpoint(Supplier<Greeting> greeting) {
			this.greeting = greeting;
		}

		@GetMapping("/greeting")
		ResponseEntity<String> greeting() {
			Greeting now = greeting.get();
			return (counter.getAndIncrement() % 10 < now.failures())
					? ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR).build() : ResponseEntity.ok(now.text());
		}

	}

}
