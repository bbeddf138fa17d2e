package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What not everybody may see. Of the environment variables that is what config-server
 * alone gets: the key that decrypts the configuration and the token that lets change it.
 * Child processes inherit all others.
 */
public final class Secrets {

	private static final String ENCRYPTION = "ENCRYPT_";

	private static final String TOKEN = "PLATFORM_CONFIG_SERVER_TOKEN";

	private Secrets() {
	}

	/** The variables of this process that config-server alone gets. */
	public static Map<String, String> ofConfigServer() {
		return System.getenv()
			.entrySet()
			.stream()
			.filter((variable) -> isSecret(variable.getKey()))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/**
	 * Writes a secret to a new file that its owner alone can read.
	 * @throws LocalSystemException if that cannot be done
	 */
	public static void write(Path file, String secret) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.deleteIfExists(file);
			if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
				Files.createFile(file,
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
			}
			else {
				Files.createFile(file);
				AclFileAttributeView access = Files.getFileAttributeView(file, AclFileAttributeView.class);
				access.setAcl(List.of(AclEntry.newBuilder()
					.setType(AclEntryType.ALLOW)
					.setPrincipal(access.getOwner())
					.setPermissions(EnumSet.allOf(AclEntryPermission.class))
					.build()));
			}
			Files.writeString(file, secret);
		}
		catch (IOException ex) {
			throw WriteFailure.of(file, ex, WriteFailure.STATE);
		}
	}

	/** Removes them from the variables a child would inherit. */
	static void withhold(Map<String, String> environment) {
		environment.keySet().removeIf(Secrets::isSecret);
	}

	private static boolean isSecret(String name) {
		return name.startsWith(ENCRYPTION) || name.equals(TOKEN);
	}

}
