package com.example.launcher.consul;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import com.example.launcher.process.Folders;
import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.example.launcher.process.WriteFailure;

/**
 * The pinned Consul release from HashiCorp's release server. The archive is used only
 * when its SHA-256 is the one written here.
 */
final class ConsulRelease {

	static final String VERSION = "1.22.7";

	static final Map<String, String> SHA_256 = Map.of( //
			"linux_amd64", "fe25cecd8dd3552a8e5b0941cde1d79bb6004eac384aa45679dd1398f947201d", //
			"linux_arm64", "db54c5fb7c5ceaef97a38ca45dcc0f649ff592a48c73ab320e2d535c78e136cc", //
			"darwin_amd64", "4c768e809905e4ea1869a956e307d6311ebd592888f1dba2a2fbd72bcfe4f18e", //
			"darwin_arm64", "6356b66f92f81d20e13129b09cdbacae7179952b7285e22f8ef8f8dffbf49758", //
			"windows_amd64", "04b719261fa442a0498f9de7cf434341a531a74f11910db2463c6a0f91e829fc");

	/** Names a server that has the same files, whom the checksum keeps honest. */
	private static final String MIRROR = "DEV_CONSUL_MIRROR";

	private static final String SERVER = "https://releases.hashicorp.com";

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(4);

	private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

	private final URI server;

	private final Map<String, String> checksums;

	private final Path cache;

	ConsulRelease(Path cache) {
		this(server(Objects.requireNonNullElse(System.getenv(MIRROR), "")), SHA_256, cache);
	}

	/**
	 * The server to ask.
	 * @param mirror address of another one than usual, blank for none
	 */
	static URI server(String mirror) {
		try {
			URI server = URI.create((mirror.isBlank() ? SERVER : mirror.strip()).replaceFirst("/*$", "/"));
			if (server.getHost() != null && List.of("http", "https").contains(server.getScheme())) {
				return server;
			}
		}
		catch (IllegalArgumentException ex) {
			// The same as another address that is none.
		}
		throw new LocalSystemException(
				"%s is '%s', which is no address of a server. Write it like https://mirror.example.com/hashicorp."
					.formatted(MIRROR, mirror));
	}

	/**
	 * @param server what the path of the archive is resolved against
	 * @param checksums SHA-256 in hexadecimal digits by platform
	 */
	ConsulRelease(URI server, Map<String, String> checksums, Path cache) {
		this.server = server;
		this.checksums = checksums;
		this.cache = cache;
	}

	/** Where the program is once it was fetched. */
	Path binary() {
		return cache.resolve(OperatingSystem.current().executable("consul-" + VERSION));
	}

	/**
	 * Downloads, verifies and unpacks the program.
	 * @throws LocalSystemException if the server does not answer, or what it sends is not
	 * the pinned release
	 */
	Path fetch(Consumer<String> progress) {
		String platform = platform();
		String checksum = checksums.get(platform);
		URI archive = archive(platform);
		if (checksum == null) {
			throw new LocalSystemException("Consul " + VERSION + " is not pinned for " + platform + ".");
		}
		progress.accept("Downloading Consul " + VERSION + " from " + archive);
		try {
			return Folders.inUnfinished(cache, "fetching-consul", (work) -> {
				Path zip = work.resolve("consul.zip");
				String actual = download(archive, zip);
				if (!actual.equals(checksum)) {
					throw new LocalSystemException(
							"%s is not the Consul release that is pinned: its SHA-256 is %s instead of %s. Nothing of it was used; try again, and if it stays so, do not trust that server."
								.formatted(archive, actual, checksum));
				}
				return unpack(zip);
			});
		}
		catch (IOException ex) {
			if (WriteFailure.is(ex)) {
				throw WriteFailure.of(cache, ex, WriteFailure.CACHE);
			}
			throw new LocalSystemException(
					"Consul cannot be downloaded from %s (%s). Check the network and try again, or set %s to a mirror of that server."
						.formatted(archive, reason(ex), MIRROR),
					ex);
		}
	}

	/** Whether the server answers, and if not, why. */
	String reachability() {
		String host = server.getHost();
		try {
			connect(archive(platform()), "HEAD", ANSWER_TIMEOUT).disconnect();
			return host + " answers";
		}
		catch (IOException ex) {
			return "%s does not answer (%s)".formatted(host, reason(ex));
		}
	}

	private static String reason(IOException failure) {
		return (failure instanceof UnknownHostException) ? "unknown host" : String.valueOf(failure.getMessage());
	}

	URI archive(String platform) {
		return server.resolve("consul/" + VERSION + "/consul_" + VERSION + "_" + platform + ".zip");
	}

	static String platform() {
		String system = switch (OperatingSystem.current()) {
			case LINUX -> "linux";
			case MACOS -> "darwin";
			case WINDOWS -> "windows";
		};
		return system + (OperatingSystem.isArm() ? "_arm64" : "_amd64");
	}

	private static String download(URI from, Path to) throws IOException {
		// A server that is away is noticed soon; one that sends something may be slow.
		connect(from, "HEAD", ANSWER_TIMEOUT).disconnect();
		HttpURLConnection connection = connect(from, "GET", READ_TIMEOUT);
		if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
			throw new IOException("HTTP status " + connection.getResponseCode());
		}
		MessageDigest digest = sha256();
		try (InputStream body = new DigestInputStream(connection.getInputStream(), digest)) {
			long bytes = Files.copy(body, to, StandardCopyOption.REPLACE_EXISTING);
			long announced = connection.getContentLengthLong();
			if (announced >= 0 && bytes < announced) {
				throw new IOException("the connection broke after " + bytes + " of " + announced + " bytes");
			}
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	private static HttpURLConnection connect(URI server, String method, Duration timeout) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) server.toURL().openConnection();
		connection.setRequestMethod(method);
		connection.setConnectTimeout((int) ANSWER_TIMEOUT.toMillis());
		connection.setReadTimeout((int) timeout.toMillis());
		connection.getResponseCode();
		return connection;
	}

	private Path unpack(Path zip) throws IOException {
		String name = OperatingSystem.current().executable("consul");
		Path unpacked = zip.resolveSibling(name);
		try (FileSystem entries = FileSystems.newFileSystem(zip)) {
			Files.copy(entries.getPath(name), unpacked);
		}
		return install(unpacked, binary());
	}

	/**
	 * Puts a finished program in its place in one step, so that other processes see all
	 * of it or nothing.
	 */
	static Path install(Path file, Path target) throws IOException {
		if (!file.toFile().setExecutable(true, false)) {
			throw new IOException("cannot make " + file + " executable");
		}
		return Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
