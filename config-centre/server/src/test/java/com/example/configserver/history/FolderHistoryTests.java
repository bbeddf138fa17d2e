package com.example.configserver.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

class FolderHistoryTests {

	private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

	private static final Duration SETTLING = Duration.ofMillis(1);

	private final Path folder;

	private final Path repository;

	private FolderHistory history;

	FolderHistoryTests(@TempDir Path directory) throws IOException {
		folder = Files.createDirectory(directory.resolve("config-repo"));
		repository = directory.resolve("kept/history");
		history = open();
	}

	@BeforeEach
	void saveFirst() throws IOException {
		save("application.yml", "a: 1");
	}

	@AfterEach
	void close() {
		history.close();
	}

	@Test
	void aSaveIsARevision() throws IOException {
		Revision first = history.look();
		save("application.yml", "a: 2");
		save("order-service.yml", "b: 1");
		Revision second = history.look();
		assertThat(first.parent()).isNull();
		assertThat(first.message()).isEqualTo("application.yml saved");
		assertThat(second.id()).matches("[0-9a-f]{12}");
		assertThat(second.parent()).isEqualTo(first.id());
		assertThat(second.message()).isEqualTo("application.yml, order-service.yml saved");
		assertThat(second.author()).isEqualTo(Files.getOwner(folder.resolve("application.yml")).getName());
		assertThat(second.time()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
		assertThat(history.head()).isEqualTo(second);
		assertThat(history.revisions(10)).containsExactly(second, first);
		assertThat(history.revisions(1)).containsExactly(second);
		assertThat(contents(first)).containsExactly(entry("application.yml", "a: 1"));
		assertThat(contents(second)).containsExactly(entry("application.yml", "a: 2"),
				entry("order-service.yml", "b: 1"));
	}

	@Test
	void whatHasBecomeManyFilesIsPackedWhileItIsInUse() throws IOException {
		history.look();
		addLooseObjects();
		history.look();
		Revision revision = history.head();
		assertThat(looseObjects()).isGreaterThan(1000);
		history.pack();
		assertThat(looseObjects()).isZero();
		assertThat(history.files(revision)).hasSize(501);
		save("application.yml", "a: 2");
		assertThat(history.look().parent()).isEqualTo(revision.id());
	}

	// As another server would that has the same history, but quicker.
	private void addLooseObjects() throws IOException {
		for (String word : List.of("first", "second")) {
			ObjectId newest = history.newestCommit();
			SortedMap<String, ObjectId> files = history.commits.list(newest);
			for (int i = 0; i < 500; i++) {
				files.put(i + ".yml", addLooseBlob(word + ": " + i));
			}
			assertThat(history.setNewestCommit(newest, history.commits.insert(newest, files, "Ada", word, NOW)))
				.isTrue();
		}
	}

	private ObjectId addLooseBlob(String content) throws IOException {
		try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
			ObjectId id = formatter.idFor(Constants.OBJ_BLOB, Constants.encode(content));
			Path file = repository.resolve("objects")
				.resolve(id.name().substring(0, 2))
				.resolve(id.name().substring(2));
			Files.createDirectories(file.resolveSibling(""));
			try (OutputStream out = new DeflaterOutputStream(Files.newOutputStream(file))) {
				out.write(Constants.encode("blob " + content.length() + "\0" + content));
			}
			return id;
		}
	}

	private long looseObjects() throws IOException {
		try (Stream<Path> files = Files.walk(repository.resolve("objects"))) {
			return files.filter((file) -> file.toString().matches(".*/objects/[0-9a-f]{2}/[0-9a-f]+")).count();
		}
	}

	@Test
	void withoutALookNoRevisionIsKnown() {
		assertThatIllegalStateException().isThrownBy(() -> history.head());
		assertThat(history.revisions(10)).isEmpty();
	}

	@Test
	void theSameContentIsTheSameRevision() throws IOException {
		Revision revision = history.look();
		save("application.yml", "a: 1");
		assertThat(history.look()).isEqualTo(revision);
		Files.setLastModifiedTime(folder.resolve("application.yml"), FileTime.from(NOW));
		assertThat(history.look()).isEqualTo(revision);
	}

	@Test
	void aChangeThatLeavesTimeAndSizeIsNoticedAsLongAsTheFileIsNew() throws IOException {
		FileTime time = FileTime.from(Instant.now());
		Files.setLastModifiedTime(folder.resolve("application.yml"), time);
		history.look();
		save("application.yml", "a: 2");
		Files.setLastModifiedTime(folder.resolve("application.yml"), time);
		assertThat(contents(history.look())).containsEntry("application.yml", "a: 2");
	}

	@Test
	void whatIsMovedBetweenFilesIsAnotherRevision() throws IOException {
		save("a.yml", "x: 1\n");
		save("b.yml", "y: 2\n");
		Revision revision = history.look();
		save("a.yml", "x: 1\ny: 2\n");
		save("b.yml", "");
		assertThat(history.look()).isNotEqualTo(revision);
	}

	@Test
	void onlyConfigurationCountsThatIsNotHidden() throws IOException {
		save("team/a/service.properties", "x=1");
		Revision revision = history.look();
		save(".application.yml.swp", "what an editor leaves");
		save("application.yml~", "a backup");
		save(".yml", "a name that is a suffix alone");
		save(".git/service.yml", "another history");
		save("team/.a/service.yml", "hidden");
		assertThat(history.look()).isEqualTo(revision);
		assertThat(contents(revision).keySet()).containsExactly("application.yml", "team/a/service.properties");
	}

	@Test
	void aProjectedVolumeChangesAsAWhole() throws IOException {
		project("..2026_1", "b: 1", "c: 1");
		Files.createSymbolicLink(folder.resolve("b.yml"), Path.of("..data/b.yml"));
		Files.createSymbolicLink(folder.resolve("c.yml"), Path.of("..data/c.yml"));
		history.look();
		project("..2026_2", "b: 2", "c: 2");
		Revision second = history.look();
		assertThat(second.message()).isEqualTo("b.yml, c.yml saved");
		assertThat(contents(second)).containsOnly(entry("application.yml", "a: 1"), entry("b.yml", "b: 2"),
				entry("c.yml", "c: 2"));
	}

	@Test
	void aLinkToNothingIsNoFile() throws IOException {
		Files.createSymbolicLink(folder.resolve("b.yml"), Path.of("missing.yml"));
		assertThat(contents(history.look())).containsOnlyKeys("application.yml");
	}

	@Test
	void longListsOfNamesAreCut() throws IOException {
		for (int i = 1; i <= 7; i++) {
			save("f" + i + ".yml", "x: 1");
		}
		Files.delete(folder.resolve("application.yml"));
		assertThat(history.look().message()).isEqualTo("f1.yml, f2.yml, f3.yml, f4.yml, f5.yml and 2 more saved");
		Files.delete(folder.resolve("f1.yml"));
		save("g.yml", "x: 1");
		assertThat(history.look().message()).isEqualTo("g.yml saved, f1.yml deleted");
	}

	@Test
	void deletingEverythingIsARevisionToo() throws IOException {
		history.look();
		Files.delete(folder.resolve("application.yml"));
		Revision empty = history.look();
		assertThat(empty.message()).isEqualTo("application.yml deleted");
		assertThat(history.files(empty)).isEmpty();
	}

	@Test
	void aHistoryMayBeginEmpty() throws IOException {
		Files.delete(folder.resolve("application.yml"));
		Revision empty = history.look();
		assertThat(history.files(empty)).isEmpty();
		save("application.yml", "a: 1");
		assertThat(history.look().parent()).isEqualTo(empty.id());
	}

	@Test
	void ofALongFileEnoughIsReadToTellSo() throws IOException {
		byte[] content = new byte[5 * History.LARGEST_FILE];
		Files.write(folder.resolve("big.yml"), content);
		Files.write(folder.resolve("limit.yml"), new byte[History.LARGEST_FILE]);
		Revision revision = history.look();
		assertThat(history.files(revision).get("big.yml")).hasSize(History.LARGEST_FILE + 1);
		assertThat(history.files(revision).get("limit.yml")).hasSize(History.LARGEST_FILE);
		content[content.length - 1] = 1;
		Files.write(folder.resolve("big.yml"), content);
		assertThat(history.look().message()).isEqualTo("big.yml saved");
	}

	@Test
	void aFolderThatDoesNotExistIsNamedWithTheRemedy() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new FolderHistory(folder.resolve("missing"), repository, Clock.systemUTC()))
			.withMessageContaining(folder.resolve("missing").toAbsolutePath().toString())
			.withMessageContaining("PLATFORM_CONFIG_SERVER_DIRECTORY");
	}

	@Test
	void aFolderThatVanishesLeavesWhatWasKnown() throws IOException {
		Revision revision = history.look();
		Path elsewhere = folder.resolveSibling("elsewhere");
		Files.move(folder, elsewhere);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> history.look())
			.withMessageContaining(folder.toString())
			.withMessageContaining(revision.id());
		assertThat(history.head()).isEqualTo(revision);
		Files.move(elsewhere, folder);
		assertThat(history.look()).isEqualTo(revision);
	}

	@Test
	void aFileThatCannotBeReadIsNamedAndStaysAsItWasWhileOthersAreFollowed() throws IOException {
		save("b.yml", "x: 1");
		history.look();
		AtomicBoolean isBlocked = new AtomicBoolean(true);
		try (FolderHistory blocked = open(new Folder(folder) {
			@Override
			InputStream read(String name) throws IOException {
				if (name.equals("b.yml") && isBlocked.get()) {
					throw new AccessDeniedException(name);
				}
				return super.read(name);
			}
		})) {
			save("b.yml", "x: 22");
			save("c.yml", "x: 1");
			assertThat(contents(blocked.look())).containsEntry("b.yml", "x: 1").containsEntry("c.yml", "x: 1");
			assertThat(blocked.unreadable()).singleElement(InstanceOfAssertFactories.STRING)
				.startsWith("b.yml cannot be taken over");
			save("c.yml", "x: 333");
			assertThat(contents(blocked.look())).containsEntry("b.yml", "x: 1").containsEntry("c.yml", "x: 333");
			isBlocked.set(false);
			assertThat(contents(blocked.look())).containsEntry("b.yml", "x: 22");
			assertThat(blocked.unreadable()).isEmpty();
		}
	}

	@Test
	void whatIsNamedLikeAFileAndIsNoneIsToldAndKeepsNobodyFromSaving() throws IOException {
		Files.createSymbolicLink(folder.resolve("link.yml"), Path.of("missing.yml"));
		Files.createSymbolicLink(folder.resolve("loop.yml"), Path.of("loop.yml"));
		Files.createSymbolicLink(folder.resolve("to-folder.yml"), Path.of("."));
		Files.createDirectory(folder.resolve("folder.yml"));
		save("folder.yml/inside.yml", "x: 1");
		save("application.yml", "a: 22");
		assertThat(contents(history.look())).containsOnly(entry("application.yml", "a: 22"));
		assertThat(history.unreadable()).hasSize(4)
			.anySatisfy((entry) -> assertThat(entry).isEqualTo("folder.yml is a folder"))
			.anySatisfy((entry) -> assertThat(entry).isEqualTo("link.yml is a link to what does not exist"))
			.anySatisfy((entry) -> assertThat(entry).startsWith("loop.yml cannot be read"))
			.anySatisfy((entry) -> assertThat(entry).isEqualTo("to-folder.yml is a folder"));
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void aFileThatBreaksWhileItIsReadIsOneThatCannotBeRead() throws IOException {
		Files.createSymbolicLink(folder.resolve("memory.yml"), Path.of("/proc/self/mem"));
		save("application.yml", "a: 22");
		assertThat(contents(history.look())).containsOnly(entry("application.yml", "a: 22"));
		assertThat(history.unreadable()).singleElement(InstanceOfAssertFactories.STRING).startsWith("memory.yml ");
	}

	@Test
	void aFolderWithTooManyFilesIsNoConfiguration() throws IOException {
		Revision revision = history.look();
		for (int i = 0; i <= History.MOST_FILES; i++) {
			save("f" + i + ".yml", "x: 1");
		}
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> history.look())
			.withMessageContaining("more than 1000 files");
		assertThat(history.head()).isEqualTo(revision);
	}

	@Test
	void aFileThatIsStillWrittenIsTakenOverWhenItIsComplete() throws IOException {
		Revision first = history.look();
		AtomicInteger looks = new AtomicInteger();
		try (FolderHistory patient = open(new Folder(folder) {
			@Override
			SortedMap<String, Stamp> look(Consumer<Path> folders) throws IOException {
				if (looks.incrementAndGet() <= 20) {
					save("b.yml", "x".repeat(looks.get()));
				}
				return super.look(folders);
			}
		})) {
			Revision second = patient.look();
			assertThat(second.parent()).isEqualTo(first.id());
			assertThat(contents(second)).containsEntry("b.yml", "x".repeat(20));
		}
	}

	@Test
	void aFolderThatNeverComesToRestLeavesWhatWasKnown() throws IOException {
		Revision first = history.look();
		AtomicInteger looks = new AtomicInteger();
		try (FolderHistory patient = open(new Folder(folder) {
			@Override
			SortedMap<String, Stamp> look(Consumer<Path> folders) throws IOException {
				save("b.yml", "x".repeat(looks.incrementAndGet()));
				return super.look(folders);
			}
		})) {
			assertThat(patient.look()).isEqualTo(first);
		}
	}

	@Test
	void revisionsAreFoundByTheBeginningOfTheirIds() throws IOException {
		Revision first = history.look();
		save("application.yml", "a: 2");
		history.look();
		assertThat(history.find(first.id())).contains(first);
		assertThat(history.find(first.id().substring(0, 8).toUpperCase(Locale.ROOT))).contains(first);
		assertThat(history.find(first.id().substring(0, 3))).isEmpty();
		assertThat(history.find("ffffffffffff")).isEmpty();
		assertThat(history.find("main")).isEmpty();
		assertThat(history.find("../../main")).isEmpty();
	}

	@Test
	void anAbbreviationOfTwoRevisionsFindsNeither() throws IOException {
		ObjectId tree = history.commits.treeOf(history.commitOf(history.look()));
		Commits drafts = new Commits(new InMemoryRepository(new DfsRepositoryDescription("drafts")), "");
		Map<String, String> messages = new HashMap<>();
		String ambiguous = "";
		for (int i = 0; ambiguous.isEmpty(); i++) {
			String message = "commit " + i;
			String beginning = drafts.insert(tree, ObjectId.zeroId(), "x", message, NOW).name().substring(0, 4);
			String other = messages.put(beginning, message);
			if (other != null) {
				history.commits.insert(tree, ObjectId.zeroId(), "x", message, NOW);
				assertThat(history.find(beginning)).isPresent();
				history.commits.insert(tree, ObjectId.zeroId(), "x", other, NOW);
				ambiguous = beginning;
			}
		}
		assertThat(history.find(ambiguous)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "refs/heads/main.lock", "refs/platform/folder.lock", "packed-refs.lock" })
	void aLockThatAKilledServerHasLeftBehindDoesNotMatter(String lock) throws IOException {
		Revision revision = history.look();
		save("application.yml", "a: 2");
		Files.createFile(repository.resolve(lock));
		assertThat(history.look().parent()).isEqualTo(revision.id());
		assertThat(repository.resolve(lock)).doesNotExist();
	}

	@Test
	void aRevisionThatIsNotPartOfTheHistoryIsNamed() throws IOException {
		history.look();
		Revision other = new Revision("ffffffffffff", null, "x", NOW, "x");
		assertThatIllegalArgumentException().isThrownBy(() -> history.files(other))
			.withMessageContaining("ffffffffffff");
		assertThatIllegalArgumentException().isThrownBy(() -> history.restore(other, "x", "x"));
	}

	@Test
	void aRevisionThatTheRepositoryHasLostIsNotUnknown() throws IOException {
		Revision revision = history.look();
		FileSystemUtils.deleteRecursively(repository.resolve("objects"));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> history.files(revision))
			.withMessageContaining("cannot be read");
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> history.find(revision.id()));
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> history.revisions(1));
	}

	@Test
	void ancestorsAreTold() throws IOException {
		Revision first = history.look();
		save("application.yml", "a: 2");
		Revision second = history.look();
		assertThat(history.isAncestor(first, second)).isTrue();
		assertThat(history.isAncestor(first, first)).isTrue();
		assertThat(history.isAncestor(second, first)).isFalse();
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
	void restoringWritesTheFolderAndIsARevision() throws IOException {
		save("team/b.yml", "b: 1");
		Revision first = history.look();
		Files.delete(folder.resolve("team/b.yml"));
		Files.delete(folder.resolve("team"));
		save("application.yml", "a: 2");
		save("c.yml", "c: 1");
		save("README.md", "no configuration");
		Revision second = history.look();
		Files.setPosixFilePermissions(folder.resolve("application.yml"), PosixFilePermissions.fromString("rw-rw-r--"));
		Revision restored = history.restore(first, "Ada", "back to the first");
		assertThat(restored.parent()).isEqualTo(second.id());
		assertThat(restored.author()).isEqualTo("Ada");
		assertThat(restored.message()).isEqualTo("back to the first");
		assertThat(contents(restored)).isEqualTo(contents(first));
		assertThat(history.drift()).isEmpty();
		assertThat(history.look()).isEqualTo(restored);
		assertThat(history.revisions(10)).containsExactly(restored, second, first);
		assertThat(folder.resolve("application.yml")).hasContent("a: 1");
		assertThat(Files.getPosixFilePermissions(folder.resolve("application.yml")))
			.isEqualTo(PosixFilePermissions.fromString("rw-rw-r--"));
		assertThat(folder.resolve("team/b.yml")).hasContent("b: 1");
		assertThat(names()).containsExactlyInAnyOrder("application.yml", "README.md", "team/b.yml");
	}

	@Test
	void whatWasSavedBeforeRestoringIsARevisionOfItsOwn() throws IOException {
		Revision first = history.look();
		save("application.yml", "a: 2");
		Revision restored = history.restore(first, "Ada", "back");
		assertThat(history.revisions(10)).hasSize(3);
		assertThat(contents(history.revisions(2).get(1))).containsEntry("application.yml", "a: 2");
		assertThat(contents(restored)).containsEntry("application.yml", "a: 1");
	}

	@Test
	void restoringWhatIsInEffectIsNoRevision() throws IOException {
		Revision first = history.look();
		save("application.yml", "a: 2");
		history.look();
		save("application.yml", "a: 1");
		Revision third = history.look();
		assertThat(history.restore(first, "Ada", "back")).isEqualTo(third);
	}

	@Test
	void aLinkedFileIsRestoredWhereItIs() throws IOException {
		Path shared = folder.resolveSibling("shared.yml");
		Files.writeString(shared, "s: 1");
		Files.createSymbolicLink(folder.resolve("shared.yml"), shared);
		Revision first = history.look();
		Files.writeString(shared, "s: 2");
		history.look();
		history.restore(first, "Ada", "back");
		assertThat(shared).hasContent("s: 1");
		assertThat(Files.isSymbolicLink(folder.resolve("shared.yml"))).isTrue();
	}

	@Test
	void whereTheFolderCannotBeWrittenARestoredFileStaysInEffectUntilItIsSavedAgain() throws IOException {
		save("b.yml", "b: 1");
		Revision first = history.look();
		save("application.yml", "a: 2");
		save("b.yml", "b: 2");
		save("c.yml", "c: 2");
		history.look();
		history.close();
		history = openReadOnly();
		Revision restored = history.restore(first, "Ada", "back");
		assertThat(contents(restored)).isEqualTo(contents(first));
		assertThat(history.drift()).containsExactly("application.yml", "b.yml", "c.yml");
		assertThat(history.look()).isEqualTo(restored);
		assertThat(folder.resolve("application.yml")).hasContent("a: 2");

		history.close();
		history = openReadOnly();
		assertThat(history.look()).isEqualTo(restored);
		save("b.yml", "b: 3");
		Revision saved = history.look();
		assertThat(saved.message()).isEqualTo("b.yml saved");
		assertThat(contents(saved)).containsOnly(entry("application.yml", "a: 1"), entry("b.yml", "b: 3"));
		assertThat(history.drift()).containsExactly("application.yml", "c.yml");
	}

	@Test
	void aRestartKeepsTheHistoryAndFindsWhatChangedMeanwhile() throws IOException {
		Revision first = history.look();
		history.close();
		history = open();
		assertThat(history.head()).isEqualTo(first);
		assertThat(history.look()).isEqualTo(first);
		history.close();
		save("application.yml", "a: 2");
		history = open();
		assertThat(history.look().parent()).isEqualTo(first.id());
	}

	@Test
	void aRestartBringsTheFilesOfALongHistoryTogetherAndLosesNothing() throws IOException {
		List<Revision> revisions = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			save("application.yml", "a: " + i);
			revisions.add(0, history.look());
		}
		addLooseObjects();
		revisions.add(0, history.look());
		long before = files(repository.resolve("objects"));
		history.close();
		history = open();
		assertThat(before).isGreaterThan(1_000);
		assertThat(files(repository.resolve("objects"))).isLessThan(20);
		assertThat(history.look()).isEqualTo(revisions.get(0));
		assertThat(history.revisions(500)).hasSize(22).containsSubsequence(revisions);
		assertThat(history.find(revisions.get(15).id())).contains(revisions.get(15));
		save("application.yml", "a: next");
		assertThat(history.look().parent()).isEqualTo(revisions.get(0).id());
	}

	@Test
	@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
	void theHistoryIsItsOwnersAlone() throws IOException {
		history.look();
		assertThat(Files.getPosixFilePermissions(repository)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
	}

	@Test
	void aFolderThatHoldsSomethingElseIsNoPlaceForAHistory() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new FolderHistory(folder, folder, Clock.systemUTC()))
			.withMessageContaining(folder.toString())
			.withMessageContaining("empty folder");
		assertThat(names()).containsExactly("application.yml");
	}

	@Test
	void aServerSeesWhatAnotherOneFoundOrRestored() throws IOException {
		Revision first = history.look();
		try (FolderHistory other = open()) {
			assertThat(other.look()).isEqualTo(first);
			save("application.yml", "a: 2");
			Revision second = other.look();
			assertThat(history.look()).isEqualTo(second);
			Revision third = other.restore(first, "Ada", "back");
			assertThat(history.look()).isEqualTo(third);
			assertThat(other.look()).isEqualTo(third);
		}
	}

	@Test
	void serversThatLookAtOnceMakeOneRevisionOfEachSave() throws IOException {
		history.look();
		try (FolderHistory second = open(); FolderHistory third = open()) {
			for (int i = 2; i < 12; i++) {
				save("application.yml", "a: " + i);
				List<CompletableFuture<Revision>> looks = Stream.of(history, second, third)
					.map((server) -> CompletableFuture.supplyAsync(() -> server.reading(server::look)))
					.toList();
				assertThat(looks).extracting(CompletableFuture::join).containsOnly(looks.get(0).join());
			}
			assertThat(history.revisions(100)).hasSize(11);
		}
	}

	@Test
	void aSaveEndsTheWaitingInSubFoldersToo() throws Exception {
		history.look();
		assertWakesUp(() -> save("application.yml", "a: 2"));
		assertWakesUp(() -> save("team/b.yml", "b: 1"));
		assertWakesUp(() -> save("team/b.yml", "b: 2"));
		assertWakesUp(history::hint);
	}

	@Test
	void aSaveEndsTheWaitingWhereTheFolderIsALinkOrIsReplaced() throws Exception {
		Path target = folder.resolveSibling("target");
		Files.move(folder, target);
		Files.createSymbolicLink(folder, target);
		history.close();
		history = open();
		history.look();
		assertWakesUp(() -> save("application.yml", "a: 2"));
		assertWakesUp(() -> save("team/b.yml", "b: 1"));
		assertWakesUp(() -> Files.move(folder.resolve("team"), folder.resolve("other")));
		assertWakesUp(() -> save("team/b.yml", "b: 2"));
		assertWakesUp(() -> save("team/b.yml", "b: 3"));
	}

	@Test
	void waitingEndsByItself() throws InterruptedException {
		history.await(Duration.ZERO);
		history.await(Duration.ofMillis(1));
	}

	@Test
	void aHistoryWorksForGitToo() throws IOException, InterruptedException {
		history.look();
		save("team/b.yml", "b: 1");
		history.restore(history.look(), "Ada", "nothing");
		Process fsck = new ProcessBuilder("git", "-c", "safe.directory=*", "--git-dir", repository.toString(), "fsck",
				"--strict", "--no-dangling")
			.redirectErrorStream(true)
			.start();
		assertThat(new String(fsck.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).doesNotContain("error");
		assertThat(fsck.waitFor()).isZero();
	}

	private void assertWakesUp(Action change) throws Exception {
		// What came before has been noticed.
		history.await(Duration.ofMillis(50));
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
			try {
				history.await(Duration.ofSeconds(60));
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		});
		change.run();
		assertThat(waiting).succeedsWithin(Duration.ofSeconds(20));
		history.look();
	}

	private FolderHistory open() throws IOException {
		return open(new Folder(folder));
	}

	private FolderHistory open(Folder opened) throws IOException {
		return new FolderHistory(opened, repository, Clock.systemUTC(), SETTLING);
	}

	// Permissions do not bind every user that may run the tests.
	private FolderHistory openReadOnly() throws IOException {
		return open(new Folder(folder) {

			@Override
			void write(String name, @Nullable Stamp seen, ObjectLoader content) throws IOException {
				throw new AccessDeniedException(name);
			}

			@Override
			void delete(String name, @Nullable Stamp seen) throws IOException {
				throw new AccessDeniedException(name);
			}

		});
	}

	private void project(String version, String b, String c) throws IOException {
		save(version + "/b.yml", b);
		save(version + "/c.yml", c);
		Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
		Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
	}

	private void save(String name, String content) throws IOException {
		Path file = folder.resolve(name);
		Files.createDirectories(file.resolveSibling(""));
		Files.writeString(file, content);
	}

	private SortedMap<String, String> contents(Revision revision) {
		SortedMap<String, String> contents = new TreeMap<>();
		history.files(revision)
			.forEach((name, content) -> contents.put(name, new String(content, StandardCharsets.UTF_8)));
		return contents;
	}

	private List<String> names() {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).map((file) -> folder.relativize(file).toString()).toList();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private interface Action {

		void run() throws IOException;

	}

	private static long files(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).count();
		}
	}

}
