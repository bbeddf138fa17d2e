package com.example.platform.configclient.reporting;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.ServiceKeys;
import com.example.platform.configprotocol.Json;
import com.example.platform.consul.BackOff;
import com.example.platform.consul.BlockingQuery;
import com.example.platform.consul.Consul;
import com.example.platform.consul.Consul.Answer;
import com.example.platform.consul.KeyValue;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Leaves what an instance tells in Consul's key-value store, the last word of it whatever
 * happens to Consul in the meantime. Thread-safe; never blocks.
 */
public final class Reporter {

	private static final Log log = LogFactory.getLog(Reporter.class);

	private static final long GOODBYE_SECONDS = 1;

	private final Consul consul;

	private final BackOff backOff = new BackOff();

	private final String reportKey;

	private final String keysKey;

	private @Nullable BlockingQuery watch;

	private @Nullable String report;

	private @Nullable String keys;

	/**
	 * Creates the reporter of an instance. It does nothing until it is started.
	 * @param consul where reports are left
	 * @param service the service it is an instance of
	 * @param instance its id in the registry
	 */
	public Reporter(Consul consul, String service, String instance) {
		this.consul = consul;
		this.reportKey = InstanceReport.FOLDER + instance;
		this.keysKey = InstanceReport.KEYS_FOLDER + service;
	}

	/**
	 * Begins to keep what is told in Consul.
	 * @param first the report of the start
	 */
	public synchronized void start(InstanceReport first) {
		watch = consul.kv().watch(reportKey, this::verify);
		report(first);
	}

	/**
	 * Replaces the report.
	 * @param next the report
	 */
	public synchronized void report(InstanceReport next) {
		report = Json.write(next);
		put(reportKey, report);
	}

	/**
	 * Tells which keys the application obeys.
	 * @param all the keys
	 */
	public synchronized void keys(ServiceKeys all) {
		keys = Json.write(all);
		put(keysKey, keys);
	}

	// Consul may have been away, or have lost everything.
	private synchronized void verify(Answer<Optional<KeyValue>> answer) {
		if (watch != null && report != null && !report.equals(answer.body().map(KeyValue::value).orElse(null))) {
			put(reportKey, report);
			if (keys != null) {
				put(keysKey, keys);
			}
		}
	}

	/**
	 * Takes the report away, since the instance stops.
	 */
	public synchronized void stop() {
		if (watch != null) {
			watch.close();
			watch = null;
		}
		try {
			consul.kv().delete(reportKey).get(GOODBYE_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			log.debug("The report of this instance stays behind", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void put(String key, String json) {
		put(key, json, 1);
	}

	private void put(String key, String json, int attempt) {
		var unused = consul.kv().put(key, json).whenComplete((answer, failure) -> {
			if (failure != null) {
				log.debug("Consul does not take " + key + "; trying again", failure);
				CompletableFuture.delayedExecutor(backOff.pause(attempt).toMillis(), TimeUnit.MILLISECONDS)
					.execute(() -> putAgain(key, json, attempt + 1));
			}
		});
	}

	private synchronized void putAgain(String key, String json, int attempt) {
		if (watch != null && (json.equals(report) || json.equals(keys))) {
			put(key, json, attempt);
		}
	}

}
