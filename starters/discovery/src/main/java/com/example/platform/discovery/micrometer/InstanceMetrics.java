package com.example.platform.discovery.micrometer;

import java.util.Locale;

import com.example.platform.discovery.registration.InstanceRegistration;
import com.example.platform.discovery.registration.InstanceState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * One gauge for each state of this instance's life: 1 for the present one, 0 for the
 * others.
 */
public final class InstanceMetrics implements MeterBinder {

	private final InstanceRegistration registration;

	/**
	 * Creates meters.
	 * @param registration what they tell of
	 */
	public InstanceMetrics(InstanceRegistration registration) {
		this.registration = registration;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (InstanceState state : InstanceState.values()) {
			Gauge
				.builder("platform.discovery.instance.state", registration,
						(source) -> (source.state() == state) ? 1 : 0)
				.description("Where this instance is in its life")
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
	}

}
