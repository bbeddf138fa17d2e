package com.example.benchmarks.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.google.protobuf.BytesValue;

/**
 * The load generator {@code h2load} of nghttp2, which takes so little time itself that a
 * server on the same machine is what limits the calls.
 */
final class H2load {

	private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");

	private static final Pattern FAILED = Pattern.compile(" (\\d+) failed, (\\d+) errored, (\\d+) timeout");

	private final Path body;

	/**
	 * Prepares the calls.
	 * @param request what is sent
	 * @param folder gets a file with it
	 * @throws IOException if that cannot be written
	 */
	H2load(BytesValue request, Path folder) throws IOException {
		byte[] message = request.toByteArray();
		this.body = Files.write(folder.resolve("request"),
				ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(message.length).put(message).array());
	}

	/**
	 * Calls {@link EchoServer#ECHO} on 4 connections, 16 calls at a time on each.
	 * @param port where the server listens on 127.0.0.1
	 * @param seconds how long
	 * @return calls a second
	 * @throws IOException if the program is not there
	 */
	double callsPerSecond(int port, int seconds) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(
				List.of("h2load", "-c4", "-m16", "-D" + seconds, "-d" + body, "-Hcontent-type: application/grpc",
						"-Hte: trailers", "http://127.0.0.1:" + port + "/" + EchoServer.ECHO.getFullMethodName()))
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		Matcher rate = RATE.matcher(output);
		Matcher failed = FAILED.matcher(output);
		if (!rate.find() || !failed.find() || !failed.group().equals(" 0 failed, 0 errored, 0 timeout")) {
			throw new IllegalStateException("h2load did not get all its answers: " + output);
		}
		return Double.parseDouble(rate.group(1));
	}

}
