package com.example.configserver;

import com.example.platform.consul.Consul;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.config.server.EnableConfigServer;
import org.springframework.cloud.config.server.environment.NativeEnvironmentRepository;
import org.springframework.context.annotation.Bean;

/**
 * The configuration server.
 */
@SpringBootApplication
@EnableConfigServer
@EnableConfigurationProperties(ConfigServerProperties.class)
public class ConfigServerApplication {

	/**
	 * Starts the server.
	 * @param args Spring Boot's command line arguments
	 */
	public static void main(String[] args) {
		SpringApplication.run(ConfigServerApplication.class, args);
	}

	@Bean
	RevisionAnnouncer revisionAnnouncer(ConfigServerProperties properties, NativeEnvironmentRepository repository,
			ObjectProvider<Consul> consul) {
		return new RevisionAnnouncer(new ConfigDirectory(properties.directory()), properties.scanInterval(),
				repository::setVersion, consul.getIfAvailable());
	}

}
