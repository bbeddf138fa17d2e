package com.example.platform.configclient.fetching;

import org.springframework.boot.bootstrap.BootstrapRegistry;
import org.springframework.boot.bootstrap.BootstrapRegistryInitializer;
import org.springframework.cloud.config.client.ConfigServerBootstrapper.LoaderInterceptor;

/**
 * Lets {@link RevisionLoader} load what {@code spring.config.import=configserver:} asks
 * for.
 */
final class RevisionBootstrapper implements BootstrapRegistryInitializer {

	@Override
	public void initialize(BootstrapRegistry registry) {
		registry.register(LoaderInterceptor.class, BootstrapRegistry.InstanceSupplier.from(RevisionLoader::new));
	}

}
