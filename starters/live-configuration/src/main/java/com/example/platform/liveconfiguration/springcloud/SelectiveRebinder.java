package com.example.platform.liveconfiguration.springcloud;

import java.util.List;

import com.example.platform.liveconfiguration.Causes;
import com.example.platform.liveconfiguration.PropertiesBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.properties.ConfigurationPropertiesBeans;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Binds {@code @ConfigurationProperties} beans anew of which a value has changed, and no
 * others. Spring Cloud's own rebinder resets and binds all of them at every change, those
 * of Spring itself included, while they are in use.
 */
public final class SelectiveRebinder extends ConfigurationPropertiesRebinder {

	private static final Log log = LogFactory.getLog(SelectiveRebinder.class);

	// All are known when something changes for the first time.
	private final SingletonSupplier<List<PropertiesBean>> all;

	/**
	 * Creates a rebinder.
	 * @param beans the beans that Spring Cloud could bind anew
	 * @param factory all beans
	 * @param environment says which beans are never bound anew
	 */
	public SelectiveRebinder(ConfigurationPropertiesBeans beans, ConfigurableListableBeanFactory factory,
			Environment environment) {
		super(beans);
		this.all = SingletonSupplier.of(() -> PropertiesBean.in(factory, environment));
	}

	@Override
	public void onApplicationEvent(EnvironmentChangeEvent event) {
		all.obtain()
			.stream()
			.filter((bean) -> bean.isRebound() && bean.obeys(event.getKeys()))
			.forEach((bean) -> rebindAlone(bean.name()));
	}

	// One that fails, as it does without a change, keeps no other from its news.
	private void rebindAlone(String name) {
		try {
			rebind(name);
		}
		catch (RuntimeException ex) {
			log.error("Bean " + name + " could not be bound anew: " + Causes.withoutMessages(ex));
		}
	}

}
