package com.example.launcher.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.OpenApi.Operation;
import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.Programs;
import tools.jackson.core.JacksonException;

/**
 * The REST APIs of the services. What callers may rely on is kept in {@value #FOLDER}, a
 * file for each service; what there is now, only a service that runs can tell. So its
 * test compares, or writes what it sees where it is told to.
 */
public final class RestContracts {

	/** Property of a test's JVM: in which folder to write, instead of comparing. */
	public static final String WRITE_TO = "contracts.write";

	private static final String FOLDER = "contracts/openapi";

	private static final String TEST = "OpenApiIntegrationTests";

	private static final String TEST_METHOD = "whatWasReleasedDoesNotBreak";

	private final Workspace workspace;

	public RestContracts(Workspace workspace) {
		this.workspace = workspace;
	}

	/**
	 * Compares the API of a service with what was released of it.
	 * @param document its OpenAPI document
	 * @return what breaks; nothing as long as nothing was released
	 */
	public List<Breakage> check(String service, String document) {
		String file = file(service);
		if (!Files.exists(workspace.root().resolve(file))) {
			return List.of();
		}
		OpenApi released = released(file);
		List<RestComparison.Finding> findings = new RestComparison(released, new OpenApi(document)).findings();
		if (findings.isEmpty()) {
			return List.of();
		}
		RestCode code = new RestCode(workspace, service);
		Set<String> paths = paths(released.operations().values());
		return findings.stream().map((finding) -> {
			RestCode.Place place = code.answer(finding.operation())
				.orElseGet(() -> new RestCode.Place(file, line(file, finding.operation())));
			return new Breakage(place.file(), place.line(), service + ": " + finding, true,
					code.callers(finding.operation(), paths));
		}).toList();
	}

	private int line(String file, Operation operation) {
		return text(file).lines().toList().indexOf("    \"%s\" : {".formatted(operation.name())) + 1;
	}

	/** Compares the APIs of all services, see {@link #present}. */
	public List<Breakage> check(Map<String, String> present) {
		List<Breakage> found = new ArrayList<>();
		for (String file : released()) {
			String service = service(file);
			String document = present.get(file);
			if (document == null) {
				found.add(new Breakage(file, 1, service + ": the service, or its test of the API, is gone", true,
						List.of()));
			}
			else {
				found.addAll(check(service, document));
			}
		}
		return found;
	}

	/**
	 * Has the tests of the services write their APIs.
	 * @return what belongs in each file, by its path
	 * @throws LocalSystemException if one does not build or does not start
	 */
	public Map<String, String> present() {
		List<String> services = services();
		Map<String, String> present = new TreeMap<>();
		if (services.isEmpty()) {
			return present;
		}
		try {
			Path folder = Files.createTempDirectory("openapi");
			try {
				Programs.run(command(services, folder), Map.of(), workspace.root());
				for (String service : services) {
					present.put(file(service), Files.readString(folder.resolve(service + ".json")));
				}
			}
			finally {
				Folders.delete(folder);
			}
		}
		catch (IOException ex) {
			throw new LocalSystemException(
					"The API of a service cannot be read (%s). Its *%s must have the method %s, like that of user-service."
						.formatted(ex, TEST, TEST_METHOD),
					ex);
		}
		return present;
	}

	/** The services whose tests know their API. */
	List<String> services() {
		return workspace.services()
			.stream()
			.filter((service) -> workspace.tests(workspace.module(service))
				.stream()
				.anyMatch((test) -> test.endsWith(TEST + ".java")))
			.toList();
	}

	private List<String> command(List<String> services, Path folder) {
		return List.of(workspace.maven().toString(), "-q", "-B", "test", "-am", "-pl",
				services.stream().map(workspace::module).collect(Collectors.joining(",")),
				"-Dtest=*%s#%s".formatted(TEST, TEST_METHOD), "-Dsurefire.failIfNoSpecifiedTests=false",
				"-Dspring-javaformat.skip=true", "-D%s=%s".formatted(WRITE_TO, folder));
	}

	/** Writes what a test sees. */
	public static void write(String service, String document, Path folder) throws IOException {
		Files.writeString(folder.resolve(service + ".json"), new OpenApi(document).text(service));
	}

	/** Paths of what was released. */
	List<String> released() {
		Path folder = workspace.root().resolve(FOLDER);
		if (!Files.isDirectory(folder)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(folder)) {
			return files.map((file) -> FOLDER + "/" + file.getFileName())
				.filter((file) -> file.endsWith(".json"))
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new LocalSystemException("%s cannot be read (%s).".formatted(folder, ex), ex);
		}
	}

	/** Where the API of a service is kept. */
	public static String file(String service) {
		return FOLDER + "/" + service + ".json";
	}

	/**
	 * The calls of some operations.
	 * @param name an operation such as {@code GET /api/users/{id}}, or a path with all
	 * below it
	 * @throws LocalSystemException if nothing is called so
	 */
	public List<Caller> callers(String name) {
		List<Caller> callers = new ArrayList<>();
		List<String> all = new ArrayList<>();
		boolean isThere = false;
		for (String file : released()) {
			List<Operation> operations = List.copyOf(released(file).operations().values());
			RestCode code = new RestCode(workspace, service(file));
			for (Operation operation : operations) {
				all.add(operation.toString());
				if (operation.toString().equals(name) || (operation.name() + "/").startsWith(name + "/")) {
					isThere = true;
					callers.addAll(code.callers(operation, paths(operations)));
				}
			}
		}
		if (!isThere) {
			throw new LocalSystemException(
					"No operation %s was released; './dev contracts release' takes what is new. There are: %s."
						.formatted(name, String.join(", ", all)));
		}
		return callers;
	}

	private static Set<String> paths(Collection<Operation> operations) {
		return operations.stream().map(Operation::name).collect(Collectors.toSet());
	}

	private static String service(String file) {
		return file.substring(FOLDER.length() + 1).replaceFirst("\\.json$", "");
	}

	private OpenApi released(String file) {
		try {
			return new OpenApi(text(file));
		}
		catch (JacksonException ex) {
			throw unreadable(file, ex);
		}
	}

	private String text(String file) {
		try {
			return Files.readString(workspace.root().resolve(file));
		}
		catch (IOException ex) {
			throw unreadable(file, ex);
		}
	}

	private static LocalSystemException unreadable(String file, Exception cause) {
		return new LocalSystemException(
				"%s cannot be read (%s). './dev contracts release' writes it anew, 'git restore %s' brings it back."
					.formatted(file, cause.getClass().getSimpleName(), file),
				cause);
	}

}
