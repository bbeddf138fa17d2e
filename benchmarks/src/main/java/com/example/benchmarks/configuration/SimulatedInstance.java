package com.example.benchmarks.configuration;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.IntConsumer;

import com.example.platform.configclient.ConfigRefresher;
import com.example.platform.configclient.fetching.ConfigServers;
import com.example.platform.configclient.revision.RevisionPropertySource;
import com.example.platform.configprotocol.InstanceId;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.example.platform.consul.Consul;
import com.example.platform.liveconfiguration.LiveConfiguration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * An instance of which nothing is there but what follows the configuration: the starter's
 * own code, with connections and threads of its own.
 */
final class SimulatedInstance implements AutoCloseable {

	/** The service that all of them are instances of. */
	static final String SERVICE = "simulated-service";

	private final Consul consul;

	private final ConfigRefresher refresher;

	private SimulatedInstance(Consul consul, ConfigRefresher refresher) {
		this.consul = consul;
		this.refresher = refresher;
	}

	/**
	 * Starts an instance.
	 * @param number tells it from the others
	 * @param agent the Consul agent
	 * @param server a config server
	 * @param folder gets what it keeps for its next start
	 * @param applied gets the version of the configuration whenever another one counts
	 * @return the running instance
	 */
	static SimulatedInstance start(int number, URI agent, URI server, Path folder, IntConsumer applied) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("instance",
					Map.of("spring.application.name", SERVICE, InstanceId.PROPERTY, SERVICE + "-" + number)));
		ConfigClientProperties properties = new ConfigClientProperties(environment);
		properties.setUri(new String[] { server.toString() });
		properties.getDiscovery().setServiceId("config-server");
		Consul consul = new Consul(agent, null);
		ConfigServers servers = new ConfigServers(properties, consul, new Random(number));
		environment.getPropertySources()
			.addLast(new RevisionPropertySource(SERVICE, "default", servers.fetch(SERVICE, "default", null),
					Source.SERVER));
		LiveConfiguration live = new LiveConfiguration(environment, null);
		live.follow(Sample.class, (sample) -> applied.accept(sample.version));
		GenericApplicationContext context = new GenericApplicationContext();
		context.setEnvironment(environment);
		context.refresh();
		ConfigRefresher refresher = ConfigRefresher.of(context, consul, servers, live, null,
				folder.resolve(Integer.toString(number)), (changed) -> {
				});
		refresher.start();
		return new SimulatedInstance(consul, refresher);
	}

	@Override
	public void close() {
		refresher.stop();
		consul.close();
	}

	/**
	 * What the instances are told.
	 *
	 * @param version number of the save
	 */
	@ConfigurationProperties("sample")
	record Sample(int version) {
	}

}
