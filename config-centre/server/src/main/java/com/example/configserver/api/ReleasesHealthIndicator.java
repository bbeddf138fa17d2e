package com.example.configserver.api;

import com.example.configserver.release.Releases;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Tells what goes wrong in the server's own work and should not. It is no part of
 * readiness: what is known is served all the same.
 */
@Component
final class ReleasesHealthIndicator implements HealthIndicator {

	private final Releases releases;

	ReleasesHealthIndicator(Releases releases) {
		this.releases = releases;
	}

	@Override
	public Health health() {
		var troubles = releases.troubles().present();
		return (troubles.isEmpty() ? Health.up() : Health.down()).withDetails(troubles).build();
	}

}
