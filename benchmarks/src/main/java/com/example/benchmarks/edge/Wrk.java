package com.example.benchmarks.edge;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.Programs;

/**
 * The load generator {@code wrk}: 32 connections, each of which asks again as soon as it
 * has been answered.
 */
final class Wrk {

	private static final Pattern RATE = Pattern.compile("(?m)^Requests/sec: +([0-9.]+)$");

	private static final Pattern P99 = Pattern.compile("(?m)^ +99% +([0-9.]+)(us|ms|s|m) *$");

	private static final Pattern FAILED = Pattern.compile("(?m)^ *(Non-2xx|Socket errors).*$");

	private Wrk() {
	}

	/**
	 * Asks for {@link Edge#PATH} from one thread. A load balancer in front would name the
	 * client in a header, so wrk does.
	 * @param port port of 127.0.0.1
	 * @param seconds how long
	 * @return answers a second, and milliseconds that 99 % of them took at most
	 * @throws LocalSystemException if a request was not answered, or not with success
	 */
	static double[] run(int port, int seconds) {
		return read(Programs
			.run(List.of("wrk", "--latency", "--threads", "1", "--connections", "32", "--timeout", "10s", "--duration",
					seconds + "s", "--header", "X-Forwarded-For: 192.0.2.1", "http://127.0.0.1:" + port + Edge.PATH)));
	}

	static double[] read(String output) {
		Matcher rate = RATE.matcher(output);
		Matcher p99 = P99.matcher(output);
		if (FAILED.matcher(output).find() || !rate.find() || !p99.find()) {
			throw new LocalSystemException("wrk did not get all its answers:%n%s".formatted(output));
		}
		double unit = switch (p99.group(2)) {
			case "us" -> 0.001;
			case "ms" -> 1;
			case "s" -> 1_000;
			default -> 60_000;
		};
		return new double[] { Double.parseDouble(rate.group(1)), Double.parseDouble(p99.group(1)) * unit };
	}

}
