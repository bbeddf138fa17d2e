package com.example.launcher.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.ReleasedApi.Method;
import com.example.launcher.process.LocalSystemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The gRPC contracts of this repository. What callers may rely on is kept in
 * {@value #RELEASED}; until a release takes what there is now, it must not break.
 */
public final class Contracts {

	private static final String FOLDER = "contracts";

	static final String RELEASED = "contracts/released.json";

	private static final String SOURCES = FOLDER + "/src/main/protobuf/";

	private final Workspace workspace;

	private final Buf buf;

	public Contracts(Workspace workspace) {
		this(workspace, new Buf(workspace));
	}

	Contracts(Workspace workspace, Buf buf) {
		this.workspace = workspace;
		this.buf = buf;
	}

	/**
	 * Compares the contracts with what was released, and looks for what is not written as
	 * they have to be.
	 * @return what must be corrected, or released
	 */
	public List<Breakage> check() {
		ReleasedApi released = released();
		List<Breakage> found = new ArrayList<>();
		List<String> lint = buf.run("lint", FOLDER, "--error-format", "json");
		lint.forEach((finding) -> found.add(breakage(finding, false, List.of(), released)));
		// Of what does not compile, nobody can tell what it breaks.
		if (lint.stream().noneMatch((finding) -> finding.contains("\"COMPILE\""))) {
			List<String> breaking = buf.run("breaking", FOLDER, "--against", RELEASED, "--error-format", "json");
			List<Caller> calls = breaking.isEmpty() ? List.of() : callers(released.methods());
			breaking.forEach((finding) -> found.add(breakage(finding, true, calls, released)));
		}
		return found.stream().distinct().toList();
	}

	/** The contracts as they are now, in the way in which they are kept. */
	String present() {
		try {
			Path image = Files.createTempFile("contracts", ".json");
			try {
				buf.run("build", FOLDER, "--exclude-source-info", "-o", image.toString());
				// A line for each thing, so that a diff shows what a release has changed.
				JsonMapper json = JsonMapper.shared();
				return json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(Files.readString(image)))
						+ "\n";
			}
			finally {
				Files.delete(image);
			}
		}
		catch (IOException ex) {
			throw new LocalSystemException("The contracts cannot be read (%s). Check the disk.".formatted(ex), ex);
		}
	}

	/**
	 * The calls of some methods.
	 * @param name full name of a method, of a service or of a package, such as
	 * {@code user.v1.UserService/GetUser}
	 * @throws LocalSystemException if nothing is called so, neither in what was released
	 * nor in the contracts as they are now
	 */
	public List<Caller> callers(String name) {
		List<Method> named = named(name, released().methods());
		if (named.isEmpty()) {
			List<Method> all = new ReleasedApi(present()).methods();
			named = named(name, all);
			if (named.isEmpty()) {
				throw new LocalSystemException("There is no method %s. There are: %s.".formatted(name,
						String.join(", ", all.stream().map(Method::fullName).toList())));
			}
		}
		return callers(named);
	}

	private static List<Method> named(String name, List<Method> methods) {
		return methods.stream()
			.filter((method) -> (method.fullName() + "/").replace('/', '.').startsWith(name.replace('/', '.') + "."))
			.toList();
	}

	private ReleasedApi released() {
		Path file = workspace.root().resolve(RELEASED);
		try {
			return new ReleasedApi(Files.readString(file));
		}
		catch (IOException | JacksonException ex) {
			throw new LocalSystemException(
					"%s cannot be read (%s). './dev contracts release' writes it anew, 'git restore %s' brings it back."
						.formatted(file, ex.getClass().getSimpleName(), RELEASED),
					ex);
		}
	}

	private static Breakage breakage(String finding, boolean breaks, List<Caller> calls, ReleasedApi released) {
		JsonNode json = JsonMapper.shared().readTree(finding);
		String path = json.path("path").asString("").replace('\\', '/');
		String reason = json.path("message").asString(finding);
		List<String> affected = released
			.affected(path.startsWith(SOURCES) ? path.substring(SOURCES.length()) : path, reason)
			.stream()
			.map(Method::fullName)
			.toList();
		return new Breakage(path.isEmpty() ? RELEASED : path, json.path("start_line").asInt(1), reason, breaks,
				calls.stream().filter((call) -> affected.contains(call.method())).toList());
	}

	private List<Caller> callers(List<Method> methods) {
		List<Caller> callers = new ArrayList<>();
		Sources.in(workspace.root())
			.stream()
			.filter((file) -> file.toString().endsWith(".java"))
			.forEach((file) -> callers.addAll(callers(file, methods)));
		return callers.stream().sorted(Comparator.comparing(Caller::method).thenComparing(Caller::file)).toList();
	}

	/** Whoever uses a stub of the service and calls something of the method's name. */
	private List<Caller> callers(Path file, List<Method> methods) {
		List<String> lines = Sources.lines(file);
		String path = workspace.root().relativize(file).toString().replace('\\', '/');
		List<Caller> callers = new ArrayList<>();
		for (Method method : methods) {
			String stubs = method.javaPackage() + "." + method.service() + "Grpc";
			if (lines.stream().anyMatch((line) -> line.contains(stubs) && !line.contains("ImplBase"))) {
				Pattern call = Pattern.compile("[.:]%s%s\\b"
					.formatted(method.name().substring(0, 1).toLowerCase(Locale.ROOT), method.name().substring(1)));
				for (int i = 0; i < lines.size(); i++) {
					if (call.matcher(lines.get(i)).find()) {
						callers.add(new Caller(path.replaceFirst("/src/main/.*", ""), path, i + 1, method.fullName()));
					}
				}
			}
		}
		return callers;
	}

}
