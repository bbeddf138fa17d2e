package com.example.launcher.consul;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.OperatingSystem;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConsulReleaseTests {

	private static final String PROGRAM = "#!/bin/sh\necho a program\n";

	private final byte[] archive = archive();

	private final HttpServer server;

	private final Path cache;

	ConsulReleaseTests(@TempDir Path cache) throws IOException {
		this.cache = cache;
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.start();
	}

	@AfterEach
	void stop() {
		server.stop(0);
	}

	@Test
	void theProgramIsUnpackedAndMadeExecutable() throws Exception {
		serve(200, archive.length, archive);

		Path binary = release(sha256(archive)).fetch((sentence) -> {
		});

		assertThat(binary).hasContent(PROGRAM).isExecutable();
		assertNothingElseRemains(binary);
	}

	@Test
	void aMirrorIsAnAddressOfAServer() {
		assertThat(ConsulRelease.server(" ")).hasToString("https://releases.hashicorp.com/");
		assertThat(ConsulRelease.server("http://mirror:81/hashicorp")).hasToString("http://mirror:81/hashicorp/");
		for (String none : List.of("mirror.local/hashicorp", "ftp://mirror", "https://a b", "https://")) {
			assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> ConsulRelease.server(none))
				.withMessageContaining("DEV_CONSUL_MIRROR is '" + none + "', which is no address of a server");
		}
	}

	@Test
	void whetherTheServerAnswersIsTold() throws Exception {
		serve(200, archive.length, archive);
		ConsulRelease release = release(sha256(archive));
		assertThat(release.reachability()).isEqualTo("127.0.0.1 answers");
		server.stop(0);
		assertThat(release.reachability()).startsWith("127.0.0.1 does not answer (");
	}

	@Test
	void anArchiveWithAnotherChecksumIsNotUsed() throws Exception {
		serve(200, archive.length, archive);
		ConsulRelease release = release("00" + sha256(archive).substring(2));

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> release.fetch((sentence) -> {
		})).withMessageContaining("SHA-256").withMessageContaining(sha256(archive));
		assertNothingElseRemains();
	}

	@Test
	void aTruncatedArchiveIsNotUsed() throws Exception {
		serve(200, archive.length, Arrays.copyOf(archive, archive.length / 2));
		ConsulRelease release = release(sha256(archive));

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> release.fetch((sentence) -> {
		})).withMessageContaining("cannot be downloaded");
		assertNothingElseRemains();
	}

	@Test
	void anAnswerThatIsNoArchiveIsTold() throws Exception {
		serve(404, 0, new byte[0]);
		ConsulRelease release = release(sha256(archive));

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> release.fetch((sentence) -> {
		})).withMessageContaining("HTTP status 404");
		assertNothingElseRemains();
	}

	@Test
	void aServerThatIsAwayIsToldAtOnceWithARemedy() throws Exception {
		ConsulRelease release = release(sha256(archive));
		server.stop(0);

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> release.fetch((sentence) -> {
		})).withMessageContaining("Check the network");
		assertNothingElseRemains();
	}

	@Test
	void severalAtOnceGetTheSameProgram() throws Exception {
		serve(200, archive.length, archive);
		ConsulRelease release = release(sha256(archive));
		Callable<Path> fetch = () -> release.fetch((sentence) -> {
		});
		ExecutorService executor = Executors.newFixedThreadPool(4);

		List<Future<Path>> binaries = executor.invokeAll(List.of(fetch, fetch, fetch, fetch));

		executor.shutdown();
		for (Future<Path> binary : binaries) {
			assertThat(binary.get()).hasContent(PROGRAM);
		}
		assertNothingElseRemains(release.binary());
	}

	@Test
	void everyPinnedChecksumHasTheLengthOfASha256() {
		assertThat(ConsulRelease.SHA_256.values()).hasSize(5).allMatch((checksum) -> checksum.matches("[0-9a-f]{64}"));
	}

	@Test
	void aProgramOnThePathIsPreferredToAllOthers() throws Exception {
		Path onPath = Files.createFile(cache.resolve("consul"));
		ConsulBinary binary = new ConsulBinary(Optional.of(onPath), release("unused"), new ConsulDebianPackage(cache));

		assertThat(binary.locate((sentence) -> {
		})).isEqualTo(onPath);
	}

	@Test
	void whatWasFetchedBeforeIsUsedWithoutTheNetwork() throws Exception {
		serve(200, archive.length, archive);
		ConsulRelease release = release(sha256(archive));
		release.fetch((sentence) -> {
		});
		server.stop(0);

		assertThat(new ConsulBinary(Optional.empty(), release, new ConsulDebianPackage(cache)).locate((sentence) -> {
		})).isEqualTo(release.binary());
	}

	private ConsulRelease release(String checksum) {
		URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
		return new ConsulRelease(address, Map.of(ConsulRelease.platform(), checksum), cache);
	}

	private void serve(int status, long length, byte[] body) {
		server.createContext("/consul/", (exchange) -> {
			exchange.sendResponseHeaders(status, (length != 0) ? length : -1);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(body);
			}
			finally {
				exchange.close();
			}
		});
	}

	private void assertNothingElseRemains(Path... expected) throws IOException {
		try (Stream<Path> files = Files.list(cache)) {
			assertThat(files).containsExactlyInAnyOrder(expected);
		}
	}

	private static byte[] archive() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			zip.putNextEntry(new ZipEntry("LICENSE.txt"));
			zip.putNextEntry(new ZipEntry(OperatingSystem.current().executable("consul")));
			zip.write(PROGRAM.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		return bytes.toByteArray();
	}

	private static String sha256(byte[] bytes) throws Exception {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
	}

}
