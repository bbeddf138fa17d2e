package com.example.platform.configclient.revision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;

import com.example.platform.configclient.revision.RevisionContent.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class SnapshotsTests {

	private final RevisionContent content = new RevisionContent("0123456789ab",
			Map.of("limit", new Property(20, "user-service.yml:1:8", false), "on", new Property(true, null, false),
					"name", new Property("Ada", "application.yml:2:7", true)));

	private final Path folder;

	private final Snapshots snapshots;

	SnapshotsTests(@TempDir Path folder) {
		this.folder = folder.resolve("snapshots");
		this.snapshots = new Snapshots(this.folder, "user-service", "default");
	}

	@Test
	void whatIsWrittenIsReadWithItsTypesAndOrigins() {
		assertThat(snapshots.read()).isEmpty();
		snapshots.write(content);
		assertThat(snapshots.read()).contains(content);
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
	void onlyItsOwnerMayReadIt() throws IOException {
		snapshots.write(content);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(snapshots.file())))
			.isEqualTo("rw-------");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
	}

	@Test
	void aNewOneReplacesTheOldOneAndLeavesNothingBeside() throws IOException {
		snapshots.write(content);
		RevisionContent next = new RevisionContent("ba9876543210", Map.of());
		snapshots.write(next);
		assertThat(snapshots.read()).contains(next);
		try (Stream<Path> files = Files.list(folder)) {
			assertThat(files).containsExactly(snapshots.file());
		}
	}

	@Test
	void eachServiceAndSetOfProfilesHasItsOwnWhateverTheirNames() {
		snapshots.write(content);
		Snapshots other = new Snapshots(folder, "../user-service", "a,b");
		other.write(new RevisionContent("ba9876543210", Map.of()));
		assertThat(other.file().getParent()).isEqualTo(folder);
		assertThat(snapshots.read()).contains(content);
	}

	@Test
	void aDamagedOneIsLeftAsideAndNamed(CapturedOutput output) throws IOException {
		snapshots.write(content);
		Files.writeString(snapshots.file(), Files.readString(snapshots.file()).substring(0, 30));
		assertThat(snapshots.read()).isEmpty();
		assertThat(output).contains(snapshots.file().toString()).contains("cannot be read");
	}

	@Test
	void aFolderThatCannotBeMadeIsNamedWithTheRemedy(CapturedOutput output) throws IOException {
		Files.writeString(folder, "a file where the folder should be");
		snapshots.write(content);
		assertThat(output).contains("cannot be written").contains("PLATFORM_CONFIG_CLIENT_SNAPSHOTS");
	}

}
