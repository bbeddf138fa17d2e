package com.example.platform.scheduling.actuate;

import java.util.List;
import java.util.function.Supplier;

import com.example.platform.scheduling.job.Jobs;
import com.example.platform.scheduling.job.Jobs.JobView;
import com.example.platform.scheduling.queue.Run;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator endpoint {@code jobs}: shows and steers the jobs of the service, for the whole
 * cluster whichever instance is asked.
 */
@Endpoint(id = "jobs")
public final class JobsEndpoint {

	private static final int HISTORY = 50;

	private final Jobs jobs;

	/**
	 * Creates the endpoint.
	 * @param jobs what it shows and steers
	 */
	public JobsEndpoint(Jobs jobs) {
		this.jobs = jobs;
	}

	/**
	 * Shows all jobs.
	 * @return the jobs by name
	 */
	@ReadOperation
	public List<JobView> all() {
		return jobs.all();
	}

	/**
	 * Shows the runs of a job.
	 * @param job its name
	 * @param count how many at most; {@code null} for 50
	 * @return the runs, the latest first
	 */
	@ReadOperation
	public List<Run> history(@Selector String job, @Nullable Integer count) {
		return valid(() -> jobs.history(job, (count != null) ? count : HISTORY));
	}

	/**
	 * Steers a job.
	 * @param job its name
	 * @param action what to do
	 * @param key the run, for {@link Action#RETRY} and {@link Action#CANCEL}. For
	 * {@link Action#RUN} its name, so that it is run once however often this is sent;
	 * {@code null} for a new one
	 * @return the job as it is then
	 */
	@WriteOperation
	public JobView steer(@Selector String job, Action action, @Nullable String key) {
		return valid(() -> {
			switch (action) {
				case RUN -> run(job, key);
				case PAUSE -> jobs.pause(job);
				case RESUME -> jobs.resume(job);
				case RETRY -> jobs.retry(job, required(key));
				case CANCEL -> jobs.cancel(job, required(key));
			}
			return jobs.view(job);
		});
	}

	private void run(String job, @Nullable String key) {
		if (key == null) {
			jobs.runNow(job);
		}
		else {
			jobs.schedule(job, key, null);
		}
	}

	private static String required(@Nullable String key) {
		if (key == null) {
			throw new IllegalArgumentException("Say which run, with its key");
		}
		return key;
	}

	private static <T> T valid(Supplier<T> work) {
		try {
			return work.get();
		}
		catch (IllegalArgumentException ex) {
			String reason = String.valueOf(ex.getMessage());
			throw new InvalidEndpointRequestException(reason, reason);
		}
	}

	/** What can be done with a job. */
	public enum Action {

		/** Runs it now. */
		RUN,

		/** Pauses its schedule. */
		PAUSE,

		/** Resumes its schedule. */
		RESUME,

		/** Repeats a run that was not successful. */
		RETRY,

		/** Ends a run. */
		CANCEL

	}

}
