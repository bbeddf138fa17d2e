package com.example.platform.web.autoconfigure;

import com.example.platform.web.ProblemAdvice;
import com.example.platform.web.ProblemErrorController;
import com.example.platform.web.RequestBodyLimitFilter;
import com.example.platform.web.UnavailableDataAdvice;
import com.example.platform.web.WebProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.dao.DataAccessException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class PlatformWebAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(PlatformWebAutoConfiguration.class,
			DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void aServletApplicationAnswersWithProblemDetails() {
		runner.run((context) -> assertThat(context).hasSingleBean(ProblemAdvice.class)
			.hasSingleBean(UnavailableDataAdvice.class)
			.hasSingleBean(RequestBodyLimitFilter.class)
			.getBean(ErrorController.class)
			.isInstanceOf(ProblemErrorController.class));
	}

	@Test
	void theBodyLimitIsConfigurable() {
		runner.withPropertyValues("platform.web.max-request-body=5KB")
			.run((context) -> assertThat(context.getBean(WebProperties.class).maxRequestBody())
				.isEqualTo(DataSize.ofKilobytes(5)));
	}

	@Test
	void itCanBeSwitchedOff() {
		runner.withPropertyValues("platform.web.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ProblemAdvice.class)
				.doesNotHaveBean(RequestBodyLimitFilter.class));
	}

	@Test
	void anErrorControllerOfTheServiceWins() {
		ErrorController own = mock();
		runner.withBean(ErrorController.class, () -> own)
			.run((context) -> assertThat(context.getBean(ErrorController.class)).isSameAs(own));
	}

	@Test
	void aServiceWithoutADatabaseNeedsNoDataAccess() {
		runner.withClassLoader(new FilteredClassLoader(DataAccessException.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("unavailableDataAdvice"));
	}

	@Test
	void anApplicationWithoutServletsIsLeftAlone() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.run((context) -> assertThat(context).doesNotHaveBean(ProblemAdvice.class));
	}

}
