package com.example.platform.propagation.autoconfigure;

import com.example.platform.propagation.grpc.PropagatedHeaders;
import com.example.platform.propagation.grpc.PropagatingClientInterceptor;
import com.example.platform.propagation.grpc.PropagatingServerInterceptor;
import com.example.platform.propagation.servlet.PropagationFilter;
import io.grpc.Context;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

	@ParameterizedTest
	@ValueSource(strings = { "", "trace-bin", "Trace-BIN", "x canary", "x:canary", "kanal-ä" })
	void aNameThatGrpcDoesNotCarryAsTextStopsTheStart(String name) {
		servlet
			.withPropertyValues("platform.propagation.headers[0]=x-canary", "platform.propagation.headers[1]=" + name)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'platform.propagation' on field 'headers[1]': rejected value [" + name + "]")
				.hasMessageContaining("use only letters, digits"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Canary", "user_id.v2", "bin", "x-bin-1" })
	void aNameThatGrpcCarriesAsTextIsTaken(String name) {
		assertThat(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER).name()).isEqualToIgnoringCase(name);
		servlet.withPropertyValues("platform.propagation.headers=" + name)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void itCanBeSwitchedOff() {
		servlet.withPropertyValues("platform.propagation.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(PropagatedHeaders.class)
				.doesNotHaveBean(PropagationFilter.class));
	}

}
