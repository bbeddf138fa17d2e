package com.example.platform.admission.autoconfigure;

import com.example.platform.admission.Admission;
import com.example.platform.admission.AdmissionSettings;
import com.example.platform.admission.BodyMemory;
import com.example.platform.admission.grpc.GrpcAdmission;
import com.example.platform.admission.servlet.AdmissionFilter;
import com.example.platform.liveconfiguration.LiveConfiguration;
import com.example.platform.liveconfiguration.autoconfigure.LiveConfigurationAutoConfiguration;
import com.example.platform.web.CountedRequest;
import io.grpc.ServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Auto-configuration for what a process takes on at once.
 */
@AutoConfiguration(after = LiveConfigurationAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnBean(LiveConfiguration.class)
public final class AdmissionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BodyMemory bodyMemory(LiveConfiguration live, ObjectProvider<MeterRegistry> meters) {
		BodyMemory memory = new BodyMemory(live.bind(AdmissionSettings.class).get(), Runtime.getRuntime().maxMemory(),
				meters.getIfUnique(CompositeMeterRegistry::new));
		live.follow(AdmissionSettings.class, memory::configure);
		return memory;
	}

	private static Admission admission(String name, LiveConfiguration live, ObjectProvider<MeterRegistry> meters) {
		Admission admission = new Admission(name, live.bind(AdmissionSettings.class).get(),
				meters.getIfUnique(CompositeMeterRegistry::new), System::nanoTime);
		live.follow(AdmissionSettings.class, admission::configure);
		return admission;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ CountedRequest.class, HandlerExceptionResolver.class })
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	static class ServletConfiguration {

		@Bean
		@ConditionalOnMissingBean
		AdmissionFilter admissionFilter(LiveConfiguration live, BodyMemory bodies, ObjectProvider<MeterRegistry> meters,
				@Qualifier("handlerExceptionResolver") HandlerExceptionResolver exceptions,
				@Value("${management.endpoints.web.base-path:/actuator}") String actuator) {
			return new AdmissionFilter(admission("http", live, meters), bodies, exceptions, actuator);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ServerBuilder.class, GlobalServerInterceptor.class })
	static class GrpcConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE + 3)
		@GlobalServerInterceptor
		@ConditionalOnMissingBean
		GrpcAdmission grpcAdmission(LiveConfiguration live, BodyMemory bodies, ObjectProvider<MeterRegistry> meters) {
			return new GrpcAdmission(admission("grpc", live, meters), bodies);
		}

		@Bean
		<T extends ServerBuilder<T>> ServerBuilderCustomizer<T> callsAreCounted(GrpcAdmission admission) {
			return (builder) -> builder.addStreamTracerFactory(admission.tracers());
		}

	}

}
