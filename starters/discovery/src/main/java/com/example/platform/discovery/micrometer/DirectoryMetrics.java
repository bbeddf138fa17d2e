package com.example.platform.discovery.micrometer;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import com.example.platform.discovery.ServiceDirectory;
import com.example.platform.discovery.ServiceView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Meters of each watched service's list: age in seconds, revision and available
 * instances.
 */
public final class DirectoryMetrics implements MeterBinder {

	private final ServiceDirectory directory;

	/**
	 * Creates meters.
	 * @param directory what they tell of
	 */
	public DirectoryMetrics(ServiceDirectory directory) {
		this.directory = directory;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		directory.onWatch((service) -> {
			gauge(registry, service, "platform.discovery.list.age", "Time since Consul last answered", "seconds",
					(view) -> view.age().toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
			gauge(registry, service, "platform.discovery.list.revision", "Consul's index of the list", null,
					ServiceView::index);
			gauge(registry, service, "platform.discovery.list.available", "Instances that get calls", null,
					(view) -> view.available().size());
		});
	}

	private void gauge(MeterRegistry registry, String service, String name, String description, @Nullable String unit,
			ToDoubleFunction<ServiceView> value) {
		Gauge.builder(name, directory, (source) -> value.applyAsDouble(source.view(service)))
			.description(description)
			.baseUnit(unit)
			.tag("target", service)
			.register(registry);
	}

}
