package com.example.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FoldersTests {

	@Test
	void whatAProcessLeftUnfinishedIsDeletedOnceItIsGone(@TempDir Path parent) throws IOException {
		ProcessIdentity current = ProcessIdentity.current();
		Path ofThis = Folders.unfinished(parent, "unpacking");
		Path ofNobody = Files.createDirectories(
				parent.resolve("unpacking-%d-%d-1".formatted(current.pid(), current.startTime() - 1)).resolve("data"));
		Path another = Files.createDirectory(parent.resolve("unpacking-order-service"));

		Path next = Folders.unfinished(parent, "unpacking");

		assertThat(parent.toFile().listFiles()).containsExactlyInAnyOrder(ofThis.toFile(), another.toFile(),
				next.toFile());
		assertThat(ofNobody).doesNotExist();
	}

}
