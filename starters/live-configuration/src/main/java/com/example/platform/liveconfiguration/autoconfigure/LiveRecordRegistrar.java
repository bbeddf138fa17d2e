package com.example.platform.liveconfiguration.autoconfigure;

import java.util.function.Supplier;

import com.example.platform.liveconfiguration.Live;
import com.example.platform.liveconfiguration.LiveConfiguration;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the records with {@link Live} in the packages of the application, and makes a
 * bean of type {@link Supplier} of each.
 */
final class LiveRecordRegistrar implements BeanDefinitionRegistryPostProcessor {

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
		if (!AutoConfigurationPackages.has(beans)) {
			return;
		}
		var scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AnnotationTypeFilter(Live.class));
		for (String name : AutoConfigurationPackages.get(beans)) {
			for (BeanDefinition found : scanner.findCandidateComponents(name)) {
				Class<?> type = ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()),
						beans.getBeanClassLoader());
				RootBeanDefinition live = new RootBeanDefinition();
				live.setTargetType(ResolvableType.forClassWithGenerics(Supplier.class, type));
				live.setInstanceSupplier(() -> beans.getBean(LiveConfiguration.class).bind(type));
				// Packages may overlap.
				if (!registry.containsBeanDefinition(type.getName())) {
					registry.registerBeanDefinition(type.getName(), live);
				}
			}
		}
	}

}
