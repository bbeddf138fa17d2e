package com.example.platform.loadbalancing.actuate;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.policy.Node;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Metrics of each service and instance: calls sent to it, calls in flight, response time,
 * failures, ejections, and whether it is out. They are those of the moment at which they
 * are read; an instance that comes or goes is noticed within half a second.
 */
public final class LoadBalancingMetrics implements MeterBinder {

	private final CalledServices services;

	/**
	 * Creates the metrics.
	 * @param services what they are about
	 */
	public LoadBalancingMetrics(CalledServices services) {
		this.services = services;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		List<Meter> meters = List.of(
				new Meter(gauge(registry, "picks", "Calls sent to the instance since it is known"),
						(source) -> source.node.picks()),
				new Meter(gauge(registry, "in.flight", "Calls under way"), (source) -> source.node.inFlight()),
				new Meter(gauge(registry, "response.millis", "Moving average of the response time"),
						(source) -> source.node.responseTime() / 1e6),
				new Meter(gauge(registry, "failures", "Calls that failed since the instance is known"),
						(source) -> source.node.failures()),
				new Meter(gauge(registry, "ejections", "How often the instance was taken out"),
						(source) -> source.service.ejections(source.node)),
				new Meter(gauge(registry, "weight", "Weight of the instance"), (source) -> source.node.weight()),
				new Meter(gauge(registry, "out", "1 while the instance is taken out, else 0"),
						(source) -> (source.service.out(source.node) != null) ? 1 : 0));
		AtomicReference<List<Source>> known = new AtomicReference<>(List.of());
		services.onTick(() -> {
			List<Source> sources = sources();
			if (!sources.equals(known.getAndSet(sources))) {
				meters.forEach((meter) -> meter.gauge.register(sources.stream().map(meter::row).toList(), true));
			}
		});
	}

	private List<Source> sources() {
		return services.all()
			.stream()
			.flatMap((service) -> service.nodes().stream().map((node) -> new Source(service, node)))
			.toList();
	}

	private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
		return MultiGauge.builder("platform.load.balancing." + name).description(description).register(registry);
	}

	private record Meter(MultiGauge gauge, ToDoubleFunction<Source> value) {

		private Row<?> row(Source source) {
			return Row.of(Tags.of("target", source.service.name(), "target.instance", source.node.id()), source, value);
		}

	}

	// A node is equal only to itself, and stays the same while its instance is known.
	private record Source(CalledService service, Node node) {
	}

}
