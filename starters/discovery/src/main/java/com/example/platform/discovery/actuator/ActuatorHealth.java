package com.example.platform.discovery.actuator;

import java.util.ArrayList;
import java.util.List;

import com.example.platform.discovery.registration.DownComponents;

import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;

/**
 * Names the components that are down by the actuator's health.
 *
 * @param endpoint the actuator's health
 */
public record ActuatorHealth(HealthEndpoint endpoint) implements DownComponents {

	@Override
	public List<String> names() {
		HealthDescriptor health = endpoint.health();
		if (!isDown(health)) {
			return List.of();
		}
		List<String> names = new ArrayList<>();
		if (health instanceof CompositeHealthDescriptor composite && composite.getComponents() != null) {
			composite.getComponents().forEach((name, component) -> {
				if (isDown(component)) {
					names.add(name);
				}
			});
		}
		return names.isEmpty() ? List.of("health") : names;
	}

	private static boolean isDown(HealthDescriptor health) {
		return health.getStatus().equals(Status.DOWN) || health.getStatus().equals(Status.OUT_OF_SERVICE);
	}

}
