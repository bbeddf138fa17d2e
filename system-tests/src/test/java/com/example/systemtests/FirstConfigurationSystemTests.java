package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.launcher.LocalSystem;
import com.example.launcher.LocalSystemOptions;
import com.example.launcher.process.LocalSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Proves that a start without any good configuration ends at once and says what to
 * correct. Neither services nor gateway start.
 */
class FirstConfigurationSystemTests {

	private final Path folder;

	private final Path configRepo;

	private final List<String> progress = new CopyOnWriteArrayList<>();

	FirstConfigurationSystemTests(@TempDir Path folder) {
		this.folder = folder;
		this.configRepo = folder.resolve("config-repo");
	}

	@Test
	void everyBrokenFileIsNamedWithLineAndReason() throws IOException {
		save("user-service.yml", "users:\n  greeting: Hello\n limits: 3\n");
		save("order-service.yml", "orders:\n  limits:\n    max-lines: [\n");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(this::start)
			.withMessageContainingAll("user-service.yml:3", "order-service.yml:", "Correct that and save.");
		assertThat(progress).contains("config-server is healthy").noneMatch((step) -> step.contains("user-service"));
	}

	@Test
	void aSecretThatCannotBeDecryptedIsNamedWithTheRemedy() throws IOException {
		save("order-service.yml", "orders:\n  limits:\n    max-lines: '{cipher}AAAA'\n");
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(this::start)
			.withMessageContainingAll("order-service.yml:3", "orders.limits.max-lines", "cannot be decrypted");
	}

	@Test
	void aFolderThatIsMissingIsNamed() {
		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(this::start)
			.withMessageContaining(configRepo.toString());
	}

	private void save(String file, String content) throws IOException {
		Files.createDirectories(configRepo);
		Files.writeString(configRepo.resolve(file), content);
	}

	private void start() {
		LocalSystem
			.start(LocalSystemOptions.isolated(Repository.ROOT, folder.resolve("state"), configRepo), progress::add)
			.close();
	}

}
