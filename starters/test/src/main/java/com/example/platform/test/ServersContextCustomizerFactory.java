package com.example.platform.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;

/**
 * Finds {@link WithPostgres} and {@link WithConsul} on a test class.
 */
final class ServersContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		MergedAnnotations annotations = MergedAnnotations.search(SearchStrategy.TYPE_HIERARCHY)
			.withEnclosingClasses((type) -> true)
			.from(testClass);
		boolean postgres = annotations.isPresent(WithPostgres.class);
		MergedAnnotation<WithConsul> consul = annotations.get(WithConsul.class);
		if (!postgres && !consul.isPresent()) {
			return null;
		}
		return new ServersContextCustomizer(postgres, consul.isPresent(),
				consul.isPresent() && consul.getBoolean("perContext"));
	}

}
