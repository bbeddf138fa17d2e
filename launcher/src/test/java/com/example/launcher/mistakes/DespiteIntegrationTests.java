package com.example.launcher.mistakes;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.process.FreePorts;
import com.example.launcher.process.OperatingSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a newcomer may take for a mistake, and what is none: {@code ./dev} copes with it.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "looks for processes in /proc")
class DespiteIntegrationTests {

	private static final int CONSUL_PORT = 8500;

	private static final int GATEWAY_PORT = 8080;

	/** Starts a system with the usual ports, looks at it, and stops it. */
	private static final String ALL = "./dev up --detach --prebuilt; ./dev status; ./dev down";

	private static final List<String> SIGNS = List.of("Everything is healthy after", "Gateway  http://127.0.0.1:",
			"Everything is stopped.");

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path folder;

	/** All at once, because each start takes a while. */
	@Test
	void spacesAndChineseCharactersInThePathAndNoLocaleNoNetworkAndNoRoot() throws Exception {
		Path clone = Clone.built(folder).root();
		Path bin = Files.createDirectory(folder.resolve("bin"));
		Files.copy(new ConsulBinary().locate((step) -> {
		}), bin.resolve("consul"), StandardCopyOption.COPY_ATTRIBUTES);
		Path home = Files.createDirectory(folder.resolve("home"));
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));

		// This JVM may have no locale either, and could not say such a name.
		String commands = "mv '%s' \"$(printf 'my \\345\\276\\256\\346\\234\\215\\345\\212\\241')\"; ".formatted(clone)
				+ (Surroundings.isRoot() ? "chown -R 65534:65534 my* home; " : "")
				+ "cd my*; exec %s /bin/sh -ec 'id -u; %s'".formatted(
						String.join(" ", Surroundings.isRoot() ? Surroundings.NOBODY.around(List.of()) : List.of()),
						ALL);
		assertThat(Newcomer.in(folder)
			.livingIn(home)
			.with("LC_ALL", "C")
			.with("PATH", bin + ":" + System.getenv("PATH"))
			.inIfPossible(Surroundings.isRoot() ? Surroundings.NO_NETWORK : Surroundings.USUAL)
			.succeeds(commands)).contains(SIGNS).doesNotStartWith("0");
	}

	@Test
	void portsThatAreTakenAndAnotherConsul() throws Exception {
		Path clone = Clone.built(folder).root();
		List<AutoCloseable> others = new ArrayList<>();
		try {
			if (FreePorts.isFree(CONSUL_PORT)) {
				others.add(ConsulAgent.start(new ConsulBinary().locate((step) -> {
				}), CONSUL_PORT, new FreePorts(new Random()), folder.resolve("consul.log")).awaitReady());
			}
			others.add(taken(GATEWAY_PORT));

			assertThat(Newcomer.in(clone).succeeds(ALL)).contains(SIGNS)
				.containsPattern("Taken by others: [^.]*8080[^.]*8500[^.]*\\. Free ports are used instead")
				.doesNotContain("http://127.0.0.1:8080", "http://127.0.0.1:8500");
			assertThat(ConsulAgent.answers(CONSUL_PORT)).isTrue();
		}
		finally {
			for (AutoCloseable other : others) {
				other.close();
			}
		}
	}

	@Test
	void noConsulWithoutANetworkIsTold() throws Exception {
		assumeTrue(OperatingSystem.current().onPath("consul").isEmpty(), "Consul is installed here");
		Path clone = Clone.built(folder).root();

		Newcomer.in(clone)
			.livingIn(Files.createDirectory(folder.resolve("home")))
			.in(Surroundings.NO_NETWORK)
			.isTold("up --prebuilt", "Consul cannot be downloaded from https://releases.hashicorp.com/",
					"Check the network and try again, or set DEV_CONSUL_MIRROR to a mirror of that server.");
	}

	@Test
	void beingRootWhereRootMayBeNobodyElseIsTold() throws Exception {
		Path clone = Clone.built(folder).root();

		Newcomer.in(clone)
			.in(Surroundings.ROOT_ALONE)
			.isTold("up --port=0 --consul-port=0 --prebuilt",
					"PostgreSQL does not run as root, and this machine lets root be nobody else",
					"Run ./dev as another user, in a container with 'docker run --user'.");
	}

	private static ServerSocket taken(int port) throws IOException {
		ServerSocket socket = new ServerSocket();
		try {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (BindException ex) {
			// Somebody else has it: that is as good.
		}
		return socket;
	}

}
