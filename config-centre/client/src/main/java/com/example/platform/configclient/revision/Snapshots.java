package com.example.platform.configclient.revision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import com.example.platform.configprotocol.Json;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The last good revision of a service on disk, with which its instances start while no
 * config server answers. All instances of the service on a machine share it. It holds
 * decrypted secrets, so that only its owner may read it; it is written beside and moved
 * into place, so that there is a whole one at any time.
 */
public final class Snapshots {

	private static final Log log = LogFactory.getLog(Snapshots.class);

	private final Path folder;

	private final String name;

	/**
	 * Creates access to the snapshot of a service.
	 * @param folder where snapshots are kept
	 * @param service name of the service
	 * @param profiles its active profiles, separated by commas
	 */
	public Snapshots(Path folder, String service, String profiles) {
		this.folder = folder;
		this.name = (service + "-" + profiles).replaceAll("[^A-Za-z0-9._-]", "_") + ".json";
	}

	/**
	 * Reads the snapshot.
	 * @return empty when there is none or it cannot be read
	 */
	public Optional<RevisionContent> read() {
		try {
			return Optional.of(Json.read(Files.readString(file()), RevisionContent.class));
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (IOException | JacksonException ex) {
			log.warn("The snapshot " + file() + " cannot be read (" + ex.getClass().getSimpleName()
					+ ") and is left aside. The next good revision replaces it.");
			return Optional.empty();
		}
	}

	/**
	 * Replaces the snapshot. When that fails, the old one stays.
	 * @param content the revision
	 */
	public void write(RevisionContent content) {
		Path temporary = null;
		try {
			Files.createDirectories(folder, ownerOnly("rwx------"));
			temporary = Files.createTempFile(folder, name, ".new", ownerOnly("rw-------"));
			Files.writeString(temporary, Json.write(content), StandardCharsets.UTF_8);
			move(temporary);
		}
		catch (IOException ex) {
			log.warn("The snapshot " + file() + " cannot be written (" + ex
					+ "). An instance that starts while no config server answers will have to wait. Name a folder that can"
					+ " be written to by PLATFORM_CONFIG_CLIENT_SNAPSHOTS.");
			delete(temporary);
		}
	}

	private void move(Path temporary) throws IOException {
		try {
			Files.move(temporary, file(), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (AtomicMoveNotSupportedException ex) {
			Files.move(temporary, file(), StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private static void delete(@Nullable Path temporary) {
		try {
			if (temporary != null) {
				Files.deleteIfExists(temporary);
			}
		}
		catch (IOException ex) {
			log.debug("A part of a snapshot stays behind: " + temporary, ex);
		}
	}

	Path file() {
		return folder.resolve(name);
	}

	private FileAttribute<?>[] ownerOnly(String permissions) {
		if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) };
	}

}
