package com.example.platform.liveconfiguration.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import com.example.platform.liveconfiguration.ConfigurationTrial;
import com.example.platform.liveconfiguration.Flaw;
import com.example.platform.liveconfiguration.Live;
import com.example.platform.liveconfiguration.UnusableConfigurationException;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LiveConfigurationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withConfiguration(
				AutoConfigurations.of(LiveConfigurationAutoConfiguration.class, RefreshAutoConfiguration.class,
						ConfigurationPropertiesRebinderAutoConfiguration.class, ValidationAutoConfiguration.class));

	@Test
	void aLiveRecordIsABean() {
		runner.withPropertyValues("shop.max-lines=7").run((context) -> assertThat(lines(context)).isEqualTo(7));
	}

	@Test
	void aRecordKeepsItsRulesWithoutAValidatorOfTheApplication() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withConfiguration(AutoConfigurations.of(LiveConfigurationAutoConfiguration.class))
			.withPropertyValues("shop.max-lines=-1")
			.run((context) -> assertThat(context).getFailure().rootCause().isInstanceOf(BindValidationException.class));
	}

	@Test
	void itFollowsTheEnvironment() {
		runner.run((context) -> {
			Shop before = context.getBean(Holder.class).shop().get();
			change(context, 9);
			assertThat(lines(context)).isEqualTo(9);
			assertThat(before.maxLines()).isEqualTo(20);
		});
	}

	@Test
	void itKeepsItsValuesWhenTheNewOnesCannotBeUsed(CapturedOutput output) {
		runner.run((context) -> {
			change(context, -1);
			assertThat(lines(context)).isEqualTo(20);
			assertThat(output).contains("the live records keep their values").contains("shop.max-lines");
			change(context, 9);
			assertThat(lines(context)).isEqualTo(9);
		});
	}

	@Test
	void aKeyMayBeSpelledInAnotherWay() {
		runner.run((context) -> {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("change", Map.of("shop.maxLines", 9)));
			context.publishEvent(new EnvironmentChangeEvent(context, Set.of("shop.maxLines")));
			assertThat(lines(context)).isEqualTo(9);
		});
	}

	@Test
	void aChangeOfOtherKeysLeavesTheRecordAlone() {
		runner.run((context) -> {
			Shop before = context.getBean(Holder.class).shop().get();
			context.publishEvent(new EnvironmentChangeEvent(context, Set.of("shopping.max-lines")));
			assertThat(context.getBean(Holder.class).shop().get()).isSameAs(before);
		});
	}

	@Test
	void aComponentMayRefuseAStart() {
		runner.withBean(ConfigurationTrial.class, NoLines::new)
			.withPropertyValues("shop.max-lines=1")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.isInstanceOf(UnusableConfigurationException.class)
				.hasMessageContaining("shop.max-lines: are too few"));
	}

	private static int lines(ApplicationContext context) {
		return context.getBean(Holder.class).shop().get().maxLines();
	}

	private static void change(ApplicationContext context, int lines) {
		((ConfigurableEnvironment) context.getEnvironment()).getPropertySources()
			.addFirst(new MapPropertySource("change", Map.of("shop.max-lines", lines)));
		context.publishEvent(new EnvironmentChangeEvent(context, Set.of("shop.max-lines")));
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@Import(Holder.class)
	static class Application {

	}

	record Holder(Supplier<Shop> shop) {
	}

	@Live
	@ConfigurationProperties("shop")
	record Shop(@DefaultValue("20") @Positive int maxLines) {
	}

	static final class NoLines implements ConfigurationTrial {

		@Override
		public List<String> prefixes() {
			return List.of("shop");
		}

		@Override
		public List<Flaw> tryOut(Environment candidate) {
			return List.of(new Flaw("shop.max-lines", "are too few"));
		}

	}

}
