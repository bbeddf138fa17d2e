package com.example.launcher.scaffold;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.lang.model.SourceVersion;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;

/**
 * Parts of a service that people add every day: a migration, a method.
 */
final class NewParts {

	private static final Pattern VERSION = Pattern.compile(".*/V(\\d+)__.*\\.sql");

	private static final Pattern SERVICE = Pattern.compile("(?s)\\bservice (\\w+) \\{.*?\n}\n");

	private final WorkTree tree;

	private final String service;

	private final String module;

	/**
	 * @param service name of the service
	 * @throws LocalSystemException if it is not there
	 */
	NewParts(WorkTree tree, Workspace workspace, String service) {
		Scaffold.requireService(workspace, service);
		this.tree = tree;
		this.service = service;
		this.module = "services/" + service;
	}

	/** Plans a migration that comes after those there are. */
	String migration(String words) {
		require(words.matches("[A-Za-z0-9]+([ -][A-Za-z0-9]+)*"),
				"'%s' cannot be the name of a migration: use words of letters and digits, such as \"add phone\"."
					.formatted(words));
		String folder = module + "/src/main/resources/db/migration";
		require(tree.has(folder),
				service + " has no database. A service gets one with --with database when it is made.");
		int next = 1 + tree.files(folder)
			.stream()
			.map(VERSION::matcher)
			.filter(Matcher::matches)
			.mapToInt((file) -> Integer.parseInt(file.group(1)))
			.max()
			.orElse(0);
		String file = "%s/V%d__%s.sql".formatted(folder, next, words.toLowerCase(Locale.ROOT).replaceAll("[ -]", "_"));
		tree.write(file, "-- %s. A migration that has run anywhere is never changed again.\n"
			.formatted(words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1)));
		return file;
	}

	/** Plans a method of the contract, and one that answers it with an empty message. */
	String method(String name, boolean stream) {
		require(name.matches("[A-Z][A-Za-z0-9]*"),
				"'%s' cannot be the name of a method: write it like FindUser.".formatted(name));
		require(!SourceVersion.isKeyword(methodName(name)),
				"'%s' cannot be the name of a method: %s means something else in Java.".formatted(name,
						methodName(name)));
		ServiceName called = new ServiceName(service.replaceFirst("-service$", ""));
		String contract = Contract.files(called, tree)
			.stream()
			.filter((file) -> SERVICE.matcher(tree.read(file)).find())
			.findFirst()
			.orElseThrow(() -> new LocalSystemException(
					"%s has no contract. A service gets one with --with grpc when it is made.".formatted(service)));
		// Messages of all files are in one package.
		Pattern taken = Pattern.compile("\\b(rpc %1$s\\(|message %1$sRe(quest|sponse)\\b)".formatted(name));
		Contract.files(called, tree)
			.forEach((file) -> require(!taken.matcher(tree.read(file)).find(),
					"%s has a method or messages called %s already.".formatted(file, name)));
		String proto = tree.read(contract);
		Matcher found = SERVICE.matcher(proto);
		require(found.find(), contract + " has no service.");
		String stubs = found.group(1) + "Grpc";
		tree.write(contract, proto.substring(0, found.end() - 2) + """

				  // %1$s. Say what it does, and which errors there are.
				  rpc %1$s(%1$sRequest) returns (%2$s%1$sResponse);
				}
				""".formatted(name, stream ? "stream " : "") + proto.substring(found.end())
				+ "\nmessage %1$sRequest {}\n\nmessage %1$sResponse {}\n".formatted(name));
		String server = tree.files(module + "/src/main/java")
			.stream()
			.filter((file) -> tree.read(file).contains("extends " + stubs + "."))
			.findFirst()
			.orElseThrow(() -> new LocalSystemException(
					"No class of %s extends %s.%sImplBase.".formatted(service, stubs, found.group(1))));
		tree.edit(server, (text) -> withMethod(text, name, stubs));
		return server;
	}

	private static String withMethod(String text, String name, String stubs) {
		String imported = text.replaceFirst("(?m)^(import (\\S+)\\.%s;)$".formatted(stubs),
				"$1\nimport $2.%1$sRequest;\nimport $2.%1$sResponse;".formatted(name));
		String method = """

					@Override
					public void %s(%2$sRequest request, StreamObserver<%2$sResponse> responses) {
						responses.onNext(%2$sResponse.getDefaultInstance());
						responses.onCompleted();
					}

				}
				""".formatted(methodName(name), name);
		return NewService.sortedImports(imported.stripTrailing().replaceFirst("\\s*}$", "\n") + method);
	}

	private static String methodName(String name) {
		return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
	}

	private static void require(boolean condition, String problem) {
		if (!condition) {
			throw new LocalSystemException(problem);
		}
	}

}
