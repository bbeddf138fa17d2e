package com.example.platform.configclient.renewal;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationListener;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class BeanRenewalTests {

	@Test
	void whatFailsKeepsNothingElseFromItsNewsAndShowsNoValue(CapturedOutput output) {
		AtomicInteger made = new AtomicInteger();
		RefreshScope scope = new RefreshScope();
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.addBeanFactoryPostProcessor(scope);
			scope.setApplicationContext(context);
			context.registerBean("refreshed", Object.class, () -> "number " + made.incrementAndGet(),
					(definition) -> definition.setScope("refresh"));
			context.addApplicationListener((ApplicationListener<EnvironmentChangeEvent>) (event) -> {
				throw new IllegalStateException("open sesame is too short", new NumberFormatException("open sesame"));
			});
			context.refresh();
			assertThat(context.getBean("refreshed")).isEqualTo("number 1");
			new BeanRenewal(context, scope).accept(Set.of("any"));
			assertThat(context.getBean("refreshed")).isEqualTo("number 2");
			assertThat(output).contains("A listener of changes failed")
				.contains("IllegalStateException")
				.contains("NumberFormatException")
				.doesNotContain("sesame");
		}
	}

}
