package com.example.launcher.mistakes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Serves a folder while a command runs, as mirrors do. A program of one file, so that it
 * runs where the command does: {@code java Mirror.java FOLDER PORT COMMAND...}.
 */
final class Mirror {

	private Mirror() {
	}

	public static void main(String... arguments) throws IOException, InterruptedException {
		Path folder = Path.of(arguments[0]);
		HttpServer server = HttpServer
			.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])), 0);
		server.createContext("/", (exchange) -> answer(exchange, folder));
		server.start();
		System.exit(new ProcessBuilder(Arrays.asList(arguments).subList(2, arguments.length)).inheritIO()
			.start()
			.waitFor());
	}

	private static void answer(HttpExchange exchange, Path folder) throws IOException {
		try (exchange) {
			Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
			boolean found = file.startsWith(folder) && Files.isRegularFile(file);
			exchange.sendResponseHeaders(found ? 200 : 404, found ? Files.size(file) : -1);
			if (found) {
				Files.copy(file, exchange.getResponseBody());
			}
		}
	}

}
