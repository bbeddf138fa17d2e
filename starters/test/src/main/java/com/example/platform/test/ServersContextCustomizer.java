package com.example.platform.test;

import java.util.LinkedHashMap;
import java.util.Map;

import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.postgres.Database;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Points an application context to its servers. Equal customizers share cached contexts.
 *
 * @param postgres whether the context gets a database
 * @param consul whether the context gets an agent
 * @param ownConsul whether that agent is its own
 */
record ServersContextCustomizer(boolean postgres, boolean consul, boolean ownConsul) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		customize(context);
	}

	void customize(ConfigurableApplicationContext context) {
		Map<String, Object> properties = new LinkedHashMap<>();
		if (postgres) {
			Database database = TestServers.newDatabase();
			properties.put("spring.datasource.url", database.url());
			properties.put("spring.datasource.username", database.username());
			properties.put("spring.datasource.password", database.password());
		}
		if (consul) {
			ConsulAgent agent = ownConsul ? TestServers.newConsul() : TestServers.consul();
			properties.put("spring.cloud.consul.host", "127.0.0.1");
			properties.put("spring.cloud.consul.port", agent.port());
			if (ownConsul) {
				afterAllBeans(context, "consulOfThisContext", agent::close);
			}
		}
		TestProcesses.retain();
		afterAllBeans(context, "serversOfThisContext", TestProcesses::release);
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("testServers", properties));
	}

	/** Beans are destroyed in reverse order, and no bean of the context exists yet. */
	private static void afterAllBeans(ConfigurableApplicationContext context, String name, DisposableBean action) {
		((DefaultSingletonBeanRegistry) context.getBeanFactory()).registerDisposableBean(name, action);
	}

}
