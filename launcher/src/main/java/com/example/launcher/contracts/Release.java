package com.example.launcher.contracts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;

/**
 * Takes all contracts as they are now for released: those of gRPC and the REST APIs.
 */
public final class Release {

	private final Workspace workspace;

	private final Contracts contracts;

	private final RestContracts rest;

	public Release(Workspace workspace) {
		this(workspace, new Contracts(workspace), new RestContracts(workspace));
	}

	Release(Workspace workspace, Contracts contracts, RestContracts rest) {
		this.workspace = workspace;
		this.contracts = contracts;
		this.rest = rest;
	}

	/**
	 * Writes all or nothing.
	 * @return a line for each file that is another one now
	 * @throws LocalSystemException if a contract cannot be had; every file is as it was
	 */
	public List<String> take() {
		Map<String, String> files = new TreeMap<>();
		files.put(Contracts.RELEASED, contracts.present());
		files.putAll(rest.present());
		return write(files);
	}

	List<String> write(Map<String, String> files) {
		List<String> changes = new ArrayList<>();
		Map<Path, Path> written = new LinkedHashMap<>();
		try {
			for (Map.Entry<String, String> file : files.entrySet()) {
				Path path = workspace.root().resolve(file.getKey());
				String before = Files.exists(path) ? Files.readString(path) : "";
				if (!before.equals(file.getValue())) {
					changes.add((before.isEmpty() ? "create " : "change ") + file.getKey());
					Files.createDirectories(path.getParent());
					// Whatever can go wrong does so here, before the first file is
					// replaced.
					Path copy = path.resolveSibling(path.getFileName() + ".new");
					written.put(copy, path);
					Files.writeString(copy, file.getValue());
				}
			}
			for (Map.Entry<Path, Path> file : written.entrySet()) {
				Files.move(file.getKey(), file.getValue(), StandardCopyOption.REPLACE_EXISTING);
			}
			for (String file : rest.released()) {
				if (!files.containsKey(file)) {
					changes.add("delete " + file);
					Files.delete(workspace.root().resolve(file));
				}
			}
			return changes;
		}
		catch (IOException ex) {
			written.keySet().forEach((copy) -> copy.toFile().delete());
			throw new LocalSystemException(
					"A contract cannot be written (%s). Check the disk, then do it again.".formatted(ex), ex);
		}
	}

}
