package com.example.platform.liveconfiguration;

import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

class PropertiesBeanTests {

	@Test
	void classesAndBeanMethodsSayWhatBeansAreBoundTo() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("spring.cloud.refresh.never-refreshable=untouched")
			.run((context) -> {
				var beans = PropertiesBean.in(context.getSourceApplicationContext().getBeanFactory(),
						context.getEnvironment());
				assertThat(beans).extracting(PropertiesBean::prefix)
					.containsExactlyInAnyOrder("own", "method", "library", "untouched");
				assertThat(beans).filteredOn(PropertiesBean::validated)
					.extracting(PropertiesBean::prefix)
					.containsExactlyInAnyOrder("own", "method");
				assertThat(beans).filteredOn(PropertiesBean::isRebound)
					.extracting(PropertiesBean::prefix)
					.containsExactlyInAnyOrder("own", "method", "library");
				assertThat(beans).filteredOn((bean) -> bean.obeys(Set.of("method.size", "libraries.x")))
					.extracting(PropertiesBean::prefix)
					.containsExactly("method");
			});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(Own.class)
	static class Application {

		@Bean
		@ConfigurationProperties("method")
		Own declaredAnew() {
			return new Own();
		}

		@Bean
		@ConfigurationProperties("library")
		OfLibrary library() {
			return new OfLibrary();
		}

		@Bean
		@ConfigurationProperties("untouched")
		OfLibrary untouched() {
			return new OfLibrary();
		}

	}

	@Validated
	@ConfigurationProperties("own")
	static class Own extends OfLibrary {

	}

	static class OfLibrary {

		private int size;

		public int getSize() {
			return size;
		}

		public void setSize(int size) {
			this.size = size;
		}

	}

}
