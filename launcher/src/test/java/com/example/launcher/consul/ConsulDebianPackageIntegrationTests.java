package com.example.launcher.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.example.launcher.process.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@EnabledIf(value = "isDebian", disabledReason = "needs apt-get and dpkg")
class ConsulDebianPackageIntegrationTests {

	@Test
	void thePackageIsUnpackedWithoutInstallingIt(@TempDir Path cache) throws IOException {
		ConsulDebianPackage debianPackage = new ConsulDebianPackage(cache);

		Path binary = debianPackage.fetch((sentence) -> {
		});

		assertThat(Programs.run(List.of(binary.toString(), "version"))).startsWith("Consul v1.8.7");
		try (Stream<Path> files = Files.list(cache)) {
			assertThat(files).containsExactly(debianPackage.binary());
		}
	}

	static boolean isDebian() {
		return new ConsulDebianPackage(Path.of("")).isAvailable();
	}

}
