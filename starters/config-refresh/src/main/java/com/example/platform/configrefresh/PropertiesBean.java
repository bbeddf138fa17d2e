package com.example.platform.configrefresh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * A bean that is bound to configuration properties, as its class or its bean method says.
 *
 * @param name its name
 * @param prefix the keys' common part
 * @param type its class
 * @param validated whether its values are checked by the rules that it declares
 */
public record PropertiesBean(String name, String prefix, Class<?> type, boolean validated) {

	/**
	 * Finds those of an application, without creating any.
	 * @param beans its beans
	 * @return beans that are annotated with {@link ConfigurationProperties}
	 */
	public static List<PropertiesBean> in(ConfigurableListableBeanFactory beans) {
		List<PropertiesBean> found = new ArrayList<>();
		for (String name : beans.getBeanDefinitionNames()) {
			Class<?> type = beans.getType(name, false);
			if (type == null || ScopedProxyUtils.isScopedTarget(name)) {
				continue;
			}
			ConfigurationProperties annotation = beans.findAnnotationOnBean(name, ConfigurationProperties.class, false);
			if (annotation != null) {
				found.add(new PropertiesBean(name, annotation.prefix(), type,
						beans.findAnnotationOnBean(name, Validated.class, false) != null));
			}
		}
		return found;
	}

	/**
	 * Tells whether a change concerns this bean.
	 * @param keys the changed keys, in canonical form
	 * @return whether one of them is below its prefix
	 */
	public boolean obeys(Set<String> keys) {
		return keys.stream().anyMatch((key) -> ConfigKeys.isBelow(key, prefix));
	}

	/**
	 * Tells whether Spring can bind the bean anew while it is in use, and whether anybody
	 * would notice: those of Spring Boot read their properties once.
	 * @return whether it has setters and is not one of Spring Boot
	 */
	public boolean isRebound() {
		return Arrays.stream(type.getDeclaredConstructors()).anyMatch((each) -> each.getParameterCount() == 0)
				&& !type.getName().startsWith("org.springframework.boot.");
	}

}
