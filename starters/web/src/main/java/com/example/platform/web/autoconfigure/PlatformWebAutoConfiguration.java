package com.example.platform.web.autoconfigure;

import java.util.List;

import com.example.platform.web.ProblemAdvice;
import com.example.platform.web.ProblemErrorController;
import com.example.platform.web.ProblemMembers;
import com.example.platform.web.RequestBodyLimitFilter;
import com.example.platform.web.ResponseNegotiation;
import com.example.platform.web.SingleValues;
import com.example.platform.web.StrictJson;
import com.example.platform.web.UnavailableDataAdvice;
import com.example.platform.web.Utf8BodyAdvice;
import com.example.platform.web.WebProperties;
import com.example.platform.web.openapi.ProblemResponses;
import com.example.platform.web.tomcat.HangUpValve;
import com.example.platform.web.tomcat.ProblemReportValve;
import org.apache.catalina.valves.ErrorReportValve;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionService;
import org.springframework.dao.DataAccessException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Auto-configuration for problem details, strict input and bounded request bodies.
 */
@AutoConfiguration(before = { ErrorMvcAutoConfiguration.class, WebMvcAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "platform.web.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
public final class PlatformWebAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ResponseEntityExceptionHandler.class)
	ProblemAdvice problemAdvice() {
		return new ProblemAdvice();
	}

	@Bean
	@ConditionalOnMissingBean
	ProblemMembers problemMembers() {
		return new ProblemMembers();
	}

	@Bean
	@ConditionalOnMissingBean(ErrorController.class)
	ProblemErrorController problemErrorController() {
		return new ProblemErrorController();
	}

	@Bean
	@ConditionalOnMissingBean
	StrictJson strictJson() {
		return new StrictJson();
	}

	@Bean
	@ConditionalOnMissingBean
	RequestBodyLimitFilter requestBodyLimitFilter(WebProperties properties,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver exceptions) {
		return new RequestBodyLimitFilter(properties.maxRequestBody(), exceptions);
	}

	@Bean
	@ConditionalOnMissingBean
	Utf8BodyAdvice utf8BodyAdvice() {
		return new Utf8BodyAdvice();
	}

	@Bean
	WebMvcConfigurer singleValuesConfigurer(WebProperties properties,
			@Qualifier("mvcConversionService") ObjectProvider<ConversionService> conversions) {
		return new WebMvcConfigurer() {

			@Override
			public void addInterceptors(InterceptorRegistry registry) {
				registry.addInterceptor(new SingleValues(properties.singleHeaders(), conversions));
			}

		};
	}

	@Bean
	@ConditionalOnMissingBean
	ResponseNegotiation responseNegotiation(
			@Qualifier("requestMappingHandlerAdapter") ObjectProvider<RequestMappingHandlerAdapter> adapter) {
		return new ResponseNegotiation(adapter);
	}

	@Bean
	WebMvcConfigurer responseNegotiationConfigurer(ResponseNegotiation negotiation) {
		return new WebMvcConfigurer() {

			@Override
			public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
				configurer.strategies(List.of(negotiation));
			}

			@Override
			public void addInterceptors(InterceptorRegistry registry) {
				registry.addInterceptor(negotiation);
			}

			@Override
			public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
				resolvers.add(0, (request, response, handler, failure) -> {
					negotiation.failed(request);
					// The others answer.
					return null;
				});
			}

		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GlobalOperationCustomizer.class)
	static class OpenApiConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ProblemResponses problemResponses() {
			return new ProblemResponses();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ErrorReportValve.class)
	static class TomcatConfiguration {

		// After Spring Boot's own customizer: the valve that is added last is asked
		// first.
		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> tomcatCustomizer() {
			return (factory) -> {
				factory.addContextCustomizers((context) -> {
					context.getParent().getPipeline().addValve(new ProblemReportValve());
					context.getPipeline().addValve(new HangUpValve());
				});
				// More than the gateway lets through. Tomcat refuses them with 400.
				factory.addConnectorCustomizers((connector) -> connector.setProperty("maxHeaderCount", "200"));
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(DataAccessException.class)
	static class DataAccessConfiguration {

		@Bean
		@ConditionalOnMissingBean
		UnavailableDataAdvice unavailableDataAdvice() {
			return new UnavailableDataAdvice();
		}

	}

}
