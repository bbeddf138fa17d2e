package com.example.platform.scheduling.actuate;

import java.time.Duration;

import com.example.platform.scheduling.job.JobListener;
import com.example.platform.scheduling.queue.RunState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Metrics of the runs of this instance.
 */
public final class JobMetrics implements JobListener {

	private final MeterRegistry meters;

	/**
	 * Creates metrics.
	 * @param meters where they are kept
	 */
	public JobMetrics(MeterRegistry meters) {
		this.meters = meters;
	}

	// From the start, so that the first missed tick, and the first failure, is a change.
	@Override
	public void known(String job) {
		counter(job);
		timer(job, RunState.FAILED);
		timer(job, RunState.ABANDONED);
	}

	@Override
	public void started(String job, Duration delay) {
		Timer.builder("platform.scheduling.delay")
			.tag("job.name", job)
			.description("From due to started")
			.publishPercentileHistogram()
			.minimumExpectedValue(Duration.ofMillis(1))
			.maximumExpectedValue(Duration.ofMinutes(1))
			.register(meters)
			.record(delay.isNegative() ? Duration.ZERO : delay);
	}

	@Override
	public void ended(String job, RunState state, Duration took) {
		timer(job, state).record(took);
	}

	@Override
	public void missed(String job, int ticks) {
		counter(job).increment(ticks);
	}

	private Timer timer(String job, RunState state) {
		return Timer.builder("platform.scheduling.runs")
			.tag("job.name", job)
			.tag("state", state.toString())
			.description("Attempts by how they ended")
			.register(meters);
	}

	private Counter counter(String job) {
		return Counter.builder("platform.scheduling.missed")
			.tag("job.name", job)
			.description("Ticks that passed while no instance ran, and are not run")
			.register(meters);
	}

}
