package com.example.platform.scheduling.lock;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.launcher.process.ProcessIdentity;
import com.example.platform.consul.Consul;
import com.example.platform.scheduling.lock.consul.ConsulLocks;
import com.example.platform.scheduling.lock.postgres.PostgresLocks;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Another process that holds a lock, and says all the time whether it does.
 */
final class LockHolder implements AutoCloseable {

	private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

	// Among what it logs.
	private static final Pattern SAID = Pattern.compile("(-?\\d+) (true|false)");

	private final Process process;

	private final List<Said> said = new CopyOnWriteArrayList<>();

	private LockHolder(Process process) {
		this.process = process;
		Thread reader = new Thread(this::read, "lock-holder");
		reader.setDaemon(true);
		reader.start();
	}

	static LockHolder start(String name, List<String> server) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), LockHolder.class.getName(), name));
		command.addAll(server);
		try {
			return new LockHolder(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<Said> said() {
		return said;
	}

	ProcessIdentity identity() {
		return ProcessIdentity.of(process.toHandle());
	}

	@Override
	public void close() {
		process.destroyForcibly();
	}

	private void read() {
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				Matcher matcher = SAID.matcher(line);
				if (matcher.matches()) {
					said.add(new Said(Long.parseLong(matcher.group(1)), Boolean.parseBoolean(matcher.group(2))));
				}
			}
		}
		catch (IOException ex) {
			// It was ended.
		}
	}

	public static void main(String[] arguments) throws InterruptedException {
		Locks locks = (arguments.length == 2) ? new ConsulLocks(new Consul(URI.create(arguments[1]), null), "child")
				: new PostgresLocks(new DriverManagerDataSource(arguments[1], arguments[2], arguments[3]));
		Lock lock = locks.acquire(arguments[0], Duration.ofSeconds(20)).orElseThrow();
		// Ends with the process that listens.
		while (!System.out.checkError()) {
			Said now = new Said(System.nanoTime(), lock.isHeld());
			System.out.println(now.nanoTime + " " + now.held);
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

	/**
	 * What it says.
	 *
	 * @param nanoTime when it asked itself; the same clock in all processes of a machine
	 * @param held whether it holds the lock
	 */
	record Said(long nanoTime, boolean held) {
	}

}
