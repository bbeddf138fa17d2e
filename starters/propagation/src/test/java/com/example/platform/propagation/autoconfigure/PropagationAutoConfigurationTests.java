package com.example.platform.propagation.autoconfigure;

import com.example.platform.propagation.grpc.PropagatedHeaders;
import com.example.platform.propagation.grpc.PropagatingClientInterceptor;
import com.example.platform.propagation.grpc.PropagatingServerInterceptor;
import com.example.platform.propagation.servlet.PropagationFilter;
import io.grpc.Context;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.server.GlobalServerInterceptor;

import static org.assertj.core.api.Assertions.assertThat;

class PropagationAutoConfigurationTests {

	private final WebApplicationContextRunner servlet = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class, PropagationAutoConfiguration.class));

	@Test
	void aServiceReceivesAndSendsOverHttpAndGrpc() {
		servlet.run((context) -> assertThat(context).hasSingleBean(PropagationFilter.class)
			.hasSingleBean(PropagatingServerInterceptor.class)
			.hasSingleBean(PropagatingClientInterceptor.class)
			.hasSingleBean(RestClientCustomizer.class));
	}

	@Test
	void whatIsNotThereGetsNothing() {
		servlet
			.withClassLoader(new FilteredClassLoader(GlobalServerInterceptor.class, GlobalClientInterceptor.class,
					RestClientCustomizer.class))
			.run((context) -> assertThat(context).hasSingleBean(PropagationFilter.class)
				.doesNotHaveBean(PropagatingServerInterceptor.class)
				.doesNotHaveBean(PropagatingClientInterceptor.class)
				.doesNotHaveBean(RestClientCustomizer.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PropagationAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(PropagatingServerInterceptor.class)
				.doesNotHaveBean(PropagationFilter.class));
	}

	@Test
	void aProcessWithoutGrpcGetsNothingAtAll() {
		new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PropagationAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(Context.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PropagatedHeaders.class));
	}

	@Test
	void itCanBeSwitchedOff() {
		servlet.withPropertyValues("platform.propagation.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PropagatedHeaders.class)
				.doesNotHaveBean(PropagationFilter.class));
	}

}
