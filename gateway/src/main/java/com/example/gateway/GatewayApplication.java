package com.example.gateway;

import reactor.netty.ReactorNetty;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The gateway.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GatewayApplication {

	/**
	 * Starts the gateway.
	 * @param args Spring Boot's command line arguments
	 */
	public static void main(String[] args) {
		// One that has connections, too, takes up new ones but sixteen at a time, and
		// when it is behind with requests they wait longest.
		if (System.getProperty(ReactorNetty.IO_SELECT_COUNT) == null) {
			System.setProperty(ReactorNetty.IO_SELECT_COUNT, "1");
		}
		// Reactor Netty takes four event loops where there are fewer cores: of those that
		// take turns on one core, each keeps its requests waiting.
		if (System.getProperty(ReactorNetty.IO_WORKER_COUNT) == null) {
			System.setProperty(ReactorNetty.IO_WORKER_COUNT,
					Integer.toString(Runtime.getRuntime().availableProcessors()));
		}
		SpringApplication.run(GatewayApplication.class, args);
	}

}
