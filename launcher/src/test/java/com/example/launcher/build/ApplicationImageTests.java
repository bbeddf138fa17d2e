package com.example.launcher.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.example.launcher.FakeRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ApplicationImageTests {

	private final FakeRepository repository;

	private final Path images;

	private final List<String> progress = new ArrayList<>();

	ApplicationImageTests(@TempDir Path folder) throws IOException {
		this.repository = FakeRepository.in(folder);
		this.images = folder.resolve("images");
	}

	@Test
	void theNextBuildUsesTheArchiveOfTheSameLibraries() throws IOException {
		ApplicationImage first = image();
		assertThat(archives(first)).isEmpty();
		first.train(Map.of(), progress::add);
		assertThat(progress).containsExactly("Recording the classes of gateway for faster starts");
		assertThat(archives(first)).hasSize(1);
		repository.build("gateway", "changed");
		ApplicationImage second = image();
		assertThat(second.folder()).isNotEqualTo(first.folder());
		assertThat(archives(second)).isEqualTo(archives(first));
		second.train(Map.of(), progress::add);
		assertThat(progress).hasSize(1);
	}

	@Test
	void otherLibrariesHaveAnArchiveOfTheirOwn() throws IOException {
		ApplicationImage first = image();
		first.train(Map.of(), progress::add);
		Path library = first.folder().resolve("lib/training.jar");
		Files.setLastModifiedTime(Files.write(library, new byte[(int) Files.size(library)]),
				Files.getLastModifiedTime(library));
		repository.build("gateway", "changed");
		assertThat(archives(image())).isEmpty();
	}

	private ApplicationImage image() {
		return ApplicationImage.unpacked(new Workspace(repository.root()).jar("gateway", true), images);
	}

	/** What the JVM is told to use. */
	private static List<String> archives(ApplicationImage image) {
		return image.command(image.folder(), null, false)
			.stream()
			.filter((argument) -> argument.matches("-XX:(SharedArchiveFile|AOTCache)=.*"))
			.map((argument) -> argument.replaceFirst(".*[/\\\\]", ""))
			.toList();
	}

}
