package com.example.configserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of configuration files. Only {@code .yml}, {@code .yaml} and
 * {@code .properties} files count; what editors leave beside them does not.
 */
final class ConfigDirectory {

	private static final Pattern CONFIGURATION = Pattern.compile(".*\\.(yml|yaml|properties)");

	private final Path directory;

	ConfigDirectory(Path directory) {
		if (!Files.isDirectory(directory)) {
			throw new IllegalArgumentException("The configuration folder " + directory.toAbsolutePath()
					+ " does not exist. Start in the project's root, or name the folder by"
					+ " PLATFORM_CONFIG_SERVER_DIRECTORY.");
		}
		this.directory = directory;
	}

	/**
	 * Looks at the folder without reading any file.
	 * @return equal to an earlier look while nothing has changed
	 */
	Map<Path, Stamp> look() throws IOException {
		SortedMap<Path, Stamp> stamps = new TreeMap<>();
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				if (CONFIGURATION.matcher(file.getFileName().toString()).matches() && !isHidden(file)) {
					BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
					if (attributes.isRegularFile()) {
						stamps.put(file, new Stamp(attributes.lastModifiedTime(), attributes.size()));
					}
				}
			}
		}
		return stamps;
	}

	// A projected volume keeps its versions in hidden folders.
	private boolean isHidden(Path file) {
		for (Path name : directory.relativize(file)) {
			if (name.toString().startsWith(".")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Computes the revision of the folder's content.
	 * @return 12 hexadecimal digits that depend on the files' names and contents alone
	 */
	String revision() throws IOException {
		MessageDigest digest = sha256();
		for (Path file : look().keySet()) {
			byte[] name = directory.relativize(file).toString().getBytes(StandardCharsets.UTF_8);
			byte[] content = Files.readAllBytes(file);
			// With its length in front, no content can pass for the beginning of another
			// file.
			digest.update((name.length + ":" + content.length + ":").getBytes(StandardCharsets.UTF_8));
			digest.update(name);
			digest.update(content);
		}
		return HexFormat.of().formatHex(digest.digest(), 0, 6);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * What tells two versions of a file apart without reading them.
	 */
	record Stamp(FileTime modified, long size) {
	}

}
