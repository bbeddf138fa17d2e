package com.example.launcher.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

import com.example.launcher.InstanceReport;
import com.example.launcher.LocalSystem;
import com.example.launcher.Restarts;
import com.example.launcher.process.Memory;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.ProcessIdentity;

/**
 * What a command writes for the person at the terminal. Thread-safe.
 */
final class Console {

	private static final int MIB_SHIFT = 20;

	private static final String SHELL = """
			USER_ID=$(curl -s GATEWAY/api/users -H 'Content-Type: application/json' \\
			  -d '{"name":"Ada","email":"ada-'$$-$(date +%s)'@example.com"}' | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
			curl -i GATEWAY/api/orders -H 'Content-Type: application/json' -H "Idempotency-Key: first-order-$USER_ID" \\
			  -d '{"userId":'$USER_ID',"lines":[{"sku":"book-1","quantity":2,"unitPrice":{"minorUnits":1999,"currency":"EUR"}}]}'
			""";

	private static final String POWERSHELL = """
			$user = Invoke-RestMethod GATEWAY/api/users -Method Post -ContentType application/json -Body (ConvertTo-Json @{
			  name = 'Ada'; email = "ada-$(Get-Random)@example.com" })
			Invoke-RestMethod GATEWAY/api/orders -Method Post -ContentType application/json -Headers @{
			  'Idempotency-Key' = "first-order-$($user.id)" } -Body (ConvertTo-Json -Depth 4 @{ userId = $user.id
			  lines = @(@{ sku = 'book-1'; quantity = 2; unitPrice = @{ minorUnits = 1999; currency = 'EUR' } }) })
			""";

	private final PrintWriter out;

	private final long startedAt = ProcessHandle.current()
		.info()
		.startInstant()
		.map((start) -> start.toEpochMilli())
		.orElseGet(System::currentTimeMillis);

	Console(PrintWriter out) {
		this.out = out;
	}

	synchronized void line(String text) {
		out.println(text);
		out.flush();
	}

	/** A step of the work, with the seconds since the command began. */
	void step(String text) {
		line("%6.1f s  %s".formatted(seconds(), text));
	}

	/** All there is to know after a start. */
	void summary(LocalSystem system) {
		double seconds = seconds();
		List<InstanceReport> report = system.report();
		OptionalLong launcher = Memory.ofProcess(ProcessIdentity.current());
		line("");
		table(report);
		line("");
		line("Everything is healthy after %.1f s. All processes take %d MiB (%s, launcher included).".formatted(seconds,
				mebibytes(total(report) + launcher.orElse(0)), Memory.measure()));
		line("");
		addresses(system);
		line("");
		example(system.gateway());
		line("");
	}

	void table(List<InstanceReport> report) {
		line("%-20s %6s %6s %11s  %-10s %7s".formatted("INSTANCE", "PORT", "GRPC", "MANAGEMENT", "STATE", "MiB"));
		for (InstanceReport row : report) {
			line("%-20s %6s %6s %11s  %-10s %7s".formatted(row.instance().name(), port(row.instance().port()),
					port(row.instance().grpcPort()), port(row.instance().managementPort()),
					row.condition().name().toLowerCase(Locale.ROOT).replace('_', ' '),
					row.memory().isPresent() ? mebibytes(row.memory().getAsLong()) : "-"));
			if (row.instance().debugPort() != null) {
				line("    debugger: 127.0.0.1:" + row.instance().debugPort());
			}
			if (row.instance().restarts() != null) {
				line("    " + restarts(row.instance().name(), row.instance().restarts()));
			}
		}
	}

	void table(Table table) {
		table.lines().forEach(this::line);
	}

	void addresses(LocalSystem system) {
		line("Gateway  " + system.gateway() + "/");
		line("Consul   " + system.consul() + "/ui/");
	}

	/**
	 * What of the configuration is refused and was not when this was told before. Tells
	 * nothing while no config server answers: it may have been stopped on purpose.
	 */
	void refusals(LocalSystem system) {
		try {
			system.refusals().news().forEach(this::line);
		}
		catch (RuntimeException ex) {
			// It is asked again.
		}
	}

	private void example(URI gateway) {
		boolean windows = OperatingSystem.current() == OperatingSystem.WINDOWS;
		line("Try it%s: create a user, then place an order for her.".formatted(windows ? " in PowerShell" : ""));
		line("");
		(windows ? POWERSHELL : SHELL).replace("GATEWAY", gateway.toString()).lines().forEach(this::line);
	}

	private static String restarts(String name, Restarts restarts) {
		return restarts.gaveUp()
				? "given up, because it %s again and again: './dev logs %s' shows why, './dev start %2$s' starts it"
					.formatted(restarts.reason(), name)
				: "restarts: %d, the last because it %s".formatted(restarts.count(), restarts.reason());
	}

	private double seconds() {
		return (System.currentTimeMillis() - startedAt) / 1000.0;
	}

	private static long total(List<InstanceReport> report) {
		return report.stream().mapToLong((row) -> row.memory().orElse(0)).sum();
	}

	private static long mebibytes(long bytes) {
		return bytes >> MIB_SHIFT;
	}

	private static String port(int port) {
		return (port != 0) ? Integer.toString(port) : "-";
	}

}
