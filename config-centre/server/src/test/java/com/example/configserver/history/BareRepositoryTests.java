package com.example.configserver.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class BareRepositoryTests {

	private static final String REF = "refs/platform/test";

	private final Path directory;

	private final BareRepository repository;

	BareRepositoryTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.repository = new BareRepository(directory);
	}

	@AfterEach
	void close() {
		repository.close();
	}

	@Test
	void onlyItsOwnConfigurationCounts() throws Exception {
		Config config = repository.git().getConfig();
		assertThat(config.getString("user", null, "name")).isEqualTo("config-server");
		assertThat(config.getBoolean("core", "fsyncObjectFiles", false)).isTrue();
		assertThat(SystemReader.getInstance().getUserConfig().getSections()).doesNotContain("alias", "credential");
		assertThat(SystemReader.getInstance().getenv("GIT_SSH")).isNull();
		assertThat(SystemReader.getInstance().getenv("PATH")).isNotNull();
	}

	@Test
	void aRefIsSetUnlessItIsNotAsExpected() throws IOException {
		ObjectId one = insert("one");
		ObjectId two = insert("two");
		assertThat(repository.ref(REF)).isEqualTo(ObjectId.zeroId());
		assertThat(repository.setRef(REF, ObjectId.zeroId(), one)).isTrue();
		assertThat(repository.setRef(REF, ObjectId.zeroId(), two)).isFalse();
		assertThat(repository.setRef(REF, two, two)).isFalse();
		assertThat(repository.ref(REF)).isEqualTo(one);
		assertThat(repository.setRef(REF, one, two)).isTrue();
		assertThat(repository.ref(REF)).isEqualTo(two);
	}

	@Test
	void nobodyElseChangesRefsMeanwhile() {
		AtomicInteger present = new AtomicInteger();
		assertThat(IntStream.range(0, 8).mapToObj((i) -> CompletableFuture.supplyAsync(() -> {
			try (BareRepository own = new BareRepository(directory)) {
				return own.alone(() -> {
					int others = present.getAndIncrement();
					LockSupport.parkNanos(1_000_000);
					present.decrementAndGet();
					return others;
				});
			}
			catch (IOException ex) {
				throw new AssertionError(ex);
			}
		})).toList()).extracting(CompletableFuture::join).containsOnly(0);
	}

	@Test
	void aLockThatAKilledServerHasLeftBehindIsDeletedByTheNextChange() throws IOException {
		Path lock = directory.resolve(REF + ".lock");
		Files.createDirectories(lock.resolveSibling(""));
		Files.createFile(lock);
		ObjectId one = insert("one");
		assertThat(lock).exists();
		assertThat(repository.setRef(REF, ObjectId.zeroId(), one)).isTrue();
		assertThat(lock).doesNotExist();
	}

	private ObjectId insert(String message) throws IOException {
		Commits commits = new Commits(repository.git(), "");
		ObjectId tree = commits.edit(ObjectId.zeroId(), FolderIndex.EMPTY.contents(), FolderIndex.EMPTY.contents());
		return commits.insert(tree, ObjectId.zeroId(), "Ada", message, Instant.EPOCH);
	}

}
