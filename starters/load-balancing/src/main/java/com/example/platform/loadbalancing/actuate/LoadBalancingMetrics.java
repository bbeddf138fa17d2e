package com.example.platform.loadbalancing.actuate;

import java.util.ArrayList;
import java.util.List;

import com.example.platform.loadbalancing.Target;
import com.example.platform.loadbalancing.Target.InstanceView;
import com.example.platform.loadbalancing.Targets;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Metrics of each target and instance: calls sent to it, calls in flight, response time,
 * failures, ejections, and whether it is out. They are those of the moment at which they
 * are read, at most a second old; those of an instance that has gone are removed.
 */
public final class LoadBalancingMetrics implements MeterBinder {

	private final Targets targets;

	/**
	 * Creates the metrics.
	 * @param targets what they are about
	 */
	public LoadBalancingMetrics(Targets targets) {
		this.targets = targets;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		List<Meter> meters = List.of(
				new Meter(gauge(registry, "picks", "Calls sent to the instance since it is known"),
						InstanceView::picks),
				new Meter(gauge(registry, "in.flight", "Calls under way"), InstanceView::inFlight),
				new Meter(gauge(registry, "response.millis", "Moving average of the response time"),
						InstanceView::responseMillis),
				new Meter(gauge(registry, "failures", "Calls that failed since the instance is known"),
						InstanceView::failures),
				new Meter(gauge(registry, "ejections", "How often the instance was taken out"),
						InstanceView::ejections),
				new Meter(gauge(registry, "weight", "Weight of the instance"), InstanceView::weight),
				new Meter(gauge(registry, "out", "1 while the instance is taken out, else 0"),
						(instance) -> (instance.out() != null) ? 1 : 0));
		targets.onTick(() -> meters.forEach(this::renew));
	}

	private void renew(Meter meter) {
		List<Row<?>> rows = new ArrayList<>();
		for (Target target : targets.all()) {
			for (InstanceView instance : target.view()) {
				rows.add(Row.of(Tags.of("target", target.service(), "target.instance", instance.id()),
						meter.value.of(instance).doubleValue()));
			}
		}
		meter.gauge.register(rows, true);
	}

	private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
		return MultiGauge.builder("platform.load.balancing." + name).description(description).register(registry);
	}

	private record Meter(MultiGauge gauge, Value value) {
	}

	@FunctionalInterface
	private interface Value {

		Number of(InstanceView instance);

	}

}
