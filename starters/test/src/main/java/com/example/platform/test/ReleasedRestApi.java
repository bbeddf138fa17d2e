package com.example.platform.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.example.launcher.build.Workspace;
import com.example.launcher.contracts.Breakage;
import com.example.launcher.contracts.RestContracts;

/**
 * What was released of the REST API of a service, in {@code contracts/openapi}. The API
 * must not break it until {@code ./dev contracts release} takes what there is now.
 */
public final class ReleasedRestApi {

	private final String service;

	/**
	 * @param service name of the service, such as {@code user-service}
	 */
	public ReleasedRestApi(String service) {
		this.service = service;
	}

	/**
	 * Compares the API of the running service. As long as nothing was released, nothing
	 * breaks.
	 * @throws AssertionError if something breaks; it says what, where in the code, and
	 * for whom
	 */
	public void assertUnbroken(OpenApiDocument api) {
		String folder = System.getProperty(RestContracts.WRITE_TO);
		if (folder != null) {
			try {
				RestContracts.write(service, api.json(), Path.of(folder));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return;
		}
		List<Breakage> found = new RestContracts(new Workspace(root())).check(service, api.json());
		if (!found.isEmpty()) {
			throw new AssertionError("This breaks what was released in %s:%n%s%s".formatted(RestContracts.file(service),
					Breakage.text(found), Breakage.REMEDY));
		}
	}

	private static Path root() {
		return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
			.takeWhile((folder) -> folder != null)
			.filter((folder) -> Files.isDirectory(folder.resolve("contracts")))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"The tests run outside of the repository: no folder above holds 'contracts'"));
	}

}
