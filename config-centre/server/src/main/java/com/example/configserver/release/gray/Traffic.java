package com.example.configserver.release.gray;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.platform.defaults.Fault;
import org.jspecify.annotations.Nullable;

/**
 * What instances have answered, by their own metrics: HTTP and gRPC together, their
 * actuators left out. Immutable.
 *
 * @param requests number of requests
 * @param errors those of them that were not served by the instance's own {@link Fault}
 * @param dependencyErrors those that were not served by the fault of a third party
 * @param buckets by an upper bound in seconds, how many took at most that long
 */
public record Traffic(double requests, double errors, double dependencyErrors, Map<Double, Double> buckets) {

	public Traffic {
		buckets = Collections.unmodifiableMap(new TreeMap<>(buckets));
	}

	static final Traffic NONE = new Traffic(0, 0, 0, Map.of());

	/** The metrics that are read, as the Prometheus endpoint names them. */
	static final String METRICS = "http_server_requests_seconds,grpc_server_seconds";

	private static final Pattern SERIES = Pattern
		.compile("(?:http_server_requests|grpc_server)_seconds_(count|bucket)\\{(.*?)} ([0-9.eE+-]+)(?: #.*)?");

	private static final Pattern BOUND = Pattern.compile("le=\"([^\"]+)\"");

	private static final Pattern ACTUATOR = Pattern.compile("uri=\"/actuator|rpc_service=\"grpc\\.health|"
			+ "grpc_service=\"grpc\\.health|rpc_service=\"grpc\\.reflection");

	private static final Pattern FAULT = Pattern.compile("(?:^|,)" + Fault.TAG + "=\"([^\"]+)\"");

	private static final Pattern STATUS = Pattern
		.compile("(?:^|,)(?:status=\"(\\d{3})\"|grpc_status_code=\"([^\"]+)\")");

	/**
	 * Reads an instance's metrics.
	 * @param page the Prometheus endpoint's answer, in Prometheus' text format or
	 * OpenMetrics'
	 * @return what the instance has answered since it was started
	 */
	static Traffic parse(String page) {
		double requests = 0;
		double errors = 0;
		double dependencyErrors = 0;
		Map<Double, Double> buckets = new TreeMap<>();
		for (String line : (Iterable<String>) page.lines()::iterator) {
			Matcher series = SERIES.matcher(line);
			if (!series.matches() || ACTUATOR.matcher(series.group(2)).find()) {
				continue;
			}
			double value = Double.parseDouble(series.group(3));
			if (series.group(1).equals("bucket")) {
				Matcher bound = BOUND.matcher(series.group(2));
				if (bound.find() && !bound.group(1).equals("+Inf")) {
					buckets.merge(Double.parseDouble(bound.group(1)), value, Double::sum);
				}
			}
			else {
				requests += value;
				Fault fault = fault(series.group(2));
				errors += (fault == Fault.INSTANCE) ? value : 0;
				dependencyErrors += (fault == Fault.DEPENDENCY) ? value : 0;
			}
		}
		return new Traffic(requests, errors, dependencyErrors, buckets);
	}

	// Who does not say whose fault it was, being without starters/observability, says the
	// status at least.
	private static Fault fault(String labels) {
		Matcher tag = FAULT.matcher(labels);
		if (tag.find()) {
			return Fault.ofTag(tag.group(1));
		}
		Matcher status = STATUS.matcher(labels);
		if (!status.find()) {
			return Fault.NONE;
		}
		return (status.group(1) != null) ? Fault.ofHttp(Integer.parseInt(status.group(1)), false)
				: Fault.ofGrpc(status.group(2), false);
	}

	Traffic plus(Traffic other) {
		return combine(other, 1);
	}

	/**
	 * Takes away what was there earlier. An instance that was started again in between
	 * counts from the start again.
	 */
	Traffic since(Traffic earlier) {
		return (earlier.requests > requests) ? this : combine(earlier, -1);
	}

	private Traffic combine(Traffic other, int sign) {
		Map<Double, Double> sums = new TreeMap<>(buckets);
		other.buckets.forEach((bound, count) -> sums.merge(bound, sign * count, Double::sum));
		return new Traffic(requests + sign * other.requests, errors + sign * other.errors,
				dependencyErrors + sign * other.dependencyErrors, sums);
	}

	/** Returns the share of errors, 0 to 1; 0 without requests. */
	public double errorRate() {
		return (requests > 0) ? errors / requests : 0;
	}

	// A third party's fault says nothing about an instance; that one instance meets more
	// of them than another says something about the revision.
	double failureRate() {
		return (requests > 0) ? (errors + dependencyErrors) / requests : 0;
	}

	/**
	 * Estimates how many answers took longer than a time.
	 * @param millis the time
	 * @return the number of those in buckets that end later
	 */
	double slowerThan(double millis) {
		double faster = buckets.entrySet()
			.stream()
			.filter((bucket) -> bucket.getKey() * 1000 <= millis)
			.mapToDouble(Map.Entry::getValue)
			.max()
			.orElse(0);
		return buckets.isEmpty() ? 0 : requests - faster;
	}

	/**
	 * Estimates the 99th percentile of the answers' times.
	 * @return milliseconds, the upper bound of the bucket it falls into; {@code null}
	 * where there is no histogram, or it is longer than the last bound
	 */
	public @Nullable Double p99Millis() {
		for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
			if (requests > 0 && bucket.getValue() >= 0.99 * requests) {
				return bucket.getKey() * 1000;
			}
		}
		return null;
	}

}
