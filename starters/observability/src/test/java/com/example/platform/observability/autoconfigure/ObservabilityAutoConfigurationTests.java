package com.example.platform.observability.autoconfigure;

import com.example.platform.observability.reactive.RequestIdHandlerDecorator;
import com.example.platform.observability.servlet.RequestIdFilter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class ObservabilityAutoConfigurationTests {

	private final WebApplicationContextRunner servlet = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class));

	@Test
	void aServletApplicationGetsTheFilter() {
		servlet.run((context) -> assertThat(context).hasSingleBean(RequestIdFilter.class)
			.doesNotHaveBean(RequestIdHandlerDecorator.class));
	}

	@Test
	void aReactiveApplicationGetsTheDecorator() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(RequestIdHandlerDecorator.class)
				.doesNotHaveBean(RequestIdFilter.class));
	}

	@Test
	void itCanBeSwitchedOff() {
		servlet.withPropertyValues("platform.observability.request-id.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RequestIdFilter.class));
	}

	@Test
	void aFilterOfTheApplicationsOwnWins() {
		RequestIdFilter own = new RequestIdFilter("own");
		servlet.withBean(RequestIdFilter.class, () -> own)
			.run((context) -> assertThat(context.getBean(RequestIdFilter.class)).isSameAs(own));
	}

}
