package com.example.platform.liveconfiguration;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.validation.annotation.Validated;

/**
 * A bean that is bound to configuration properties, as its class or its bean method says.
 *
 * @param name its name
 * @param prefix the keys' common part
 * @param type its class
 * @param validated whether its values are checked by the rules that it declares
 * @param renewable whether Spring Cloud may bind it anew
 */
public record PropertiesBean(String name, String prefix, Class<?> type, boolean validated, boolean renewable) {

	private static final String NEVER_RENEWED = "spring.cloud.refresh.never-refreshable";

	// Spring Cloud's own default.
	private static final String NEVER_RENEWED_BY_DEFAULT = "com.zaxxer.hikari.HikariDataSource";

	/**
	 * Finds those of an application, without creating any.
	 * @param beans its beans
	 * @param environment says which beans are never bound anew
	 * @return beans that are annotated with {@link ConfigurationProperties}
	 */
	public static List<PropertiesBean> in(ConfigurableListableBeanFactory beans, Environment environment) {
		Set<String> never = StringUtils
			.commaDelimitedListToSet(environment.getProperty(NEVER_RENEWED, NEVER_RENEWED_BY_DEFAULT));
		List<PropertiesBean> found = new ArrayList<>();
		for (String name : beans.getBeanDefinitionNames()) {
			Class<?> type = beans.getType(name, false);
			if (type == null || ScopedProxyUtils.isScopedTarget(name)) {
				continue;
			}
			ConfigurationProperties annotation = annotation(beans, name);
			if (annotation != null) {
				found.add(new PropertiesBean(name, annotation.prefix(), type,
						beans.findAnnotationOnBean(name, Validated.class, false) != null,
						!never.contains(name) && !never.contains(type.getName())));
			}
		}
		return found;
	}

	// As in Spring Boot, the bean method comes before the class.
	private static @Nullable ConfigurationProperties annotation(ConfigurableListableBeanFactory beans, String name) {
		Method method = (beans.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
				? definition.getResolvedFactoryMethod() : null;
		ConfigurationProperties ofMethod = (method != null)
				? AnnotatedElementUtils.findMergedAnnotation(method, ConfigurationProperties.class) : null;
		return (ofMethod != null) ? ofMethod : beans.findAnnotationOnBean(name, ConfigurationProperties.class, false);
	}

	/**
	 * Tells whether a change concerns this bean.
	 * @param keys the changed keys, in canonical form
	 * @return whether one of them is below its prefix
	 */
	public boolean obeys(Set<String> keys) {
		return keys.stream().anyMatch((key) -> KeyNames.isBelow(key, prefix));
	}

	/**
	 * Tells whether Spring can bind the bean anew while it is in use, and whether anybody
	 * would notice: those of Spring Boot read their properties once.
	 * @return whether it has setters and is not one of Spring Boot
	 */
	public boolean isRebound() {
		return renewable
				&& Arrays.stream(type.getDeclaredConstructors()).anyMatch((each) -> each.getParameterCount() == 0)
				&& !type.getName().startsWith("org.springframework.boot.");
	}

}
