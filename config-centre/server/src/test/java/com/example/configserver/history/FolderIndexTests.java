package com.example.configserver.history;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import com.example.configserver.history.Folder.Stamp;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class FolderIndexTests {

	private static final Instant RACY_FROM = Instant.parse("2026-03-04T05:06:07Z");

	private static final Instant LONG_AGO = RACY_FROM.minusSeconds(60);

	private final Map<String, String> contents = new HashMap<>();

	private final Map<String, IOException> failures = new HashMap<>();

	private final List<String> reads = new ArrayList<>();

	private final SortedMap<String, Stamp> stamps = new TreeMap<>();

	private final Folder folder;

	private FolderIndex index = FolderIndex.EMPTY;

	FolderIndexTests(@TempDir Path directory) {
		folder = new Folder(directory) {

			@Override
			InputStream read(String name) throws IOException {
				reads.add(name);
				IOException failure = failures.get(name);
				if (failure != null) {
					throw failure;
				}
				return new ByteArrayInputStream(
						Objects.requireNonNull(contents.get(name)).getBytes(StandardCharsets.UTF_8));
			}

		};
	}

	@Test
	void whatShowsNoChangeIsNotReadAgain() throws IOException {
		save("a.yml", "a: 1", LONG_AGO);
		save("b.yml", "b: 1", LONG_AGO);
		update();
		assertThat(index.isUpToDate(new TreeMap<>(stamps))).isTrue();
		save("b.yml", "b: 22", LONG_AGO);
		assertThat(index.isUpToDate(stamps)).isFalse();
		reads.clear();
		update();
		assertThat(reads).containsExactly("b.yml");
		assertThat(index.contents()).containsExactly(entry("a.yml", id("a: 1")), entry("b.yml", id("b: 22")));
	}

	@Test
	void whatIsNewIsReadAgainSinceAChangeMayNotShow() throws IOException {
		save("a.yml", "a: 1", RACY_FROM);
		update();
		assertThat(index.isUpToDate(stamps)).isFalse();
		save("a.yml", "a: 2", RACY_FROM);
		update();
		assertThat(index.contents()).containsExactly(entry("a.yml", id("a: 2")));
	}

	@Test
	void whatIsDeletedIsForgotten() throws IOException {
		save("a.yml", "a: 1", LONG_AGO);
		save("b.yml", "b: 1", LONG_AGO);
		update();
		stamps.remove("b.yml");
		update();
		assertThat(index.contents()).containsOnlyKeys("a.yml");
	}

	@Test
	void whatIsInAFolderThatCannotBeOpenedStaysAsItWas() throws IOException {
		for (String name : List.of("team-b.yml", "team/a.yml", "team/b/c.yml", "teams.yml")) {
			save(name, "x: 1", LONG_AGO);
		}
		update();
		stamps.clear();
		stamps.put("team/", Stamp.unreadable("cannot be opened"));
		update();
		assertThat(index.contents()).containsOnlyKeys("team/a.yml", "team/b/c.yml");
		assertThat(index.unreadable()).containsExactly("team/ cannot be opened");
		assertThat(index.isUpToDate(stamps)).as("it shows when it can be opened again").isTrue();
	}

	@Test
	void whatCannotBeReadStaysAsItWasAndIsTriedAgain() throws IOException {
		save("a.yml", "a: 1", LONG_AGO);
		save("a.yml.yml", "b: 1", LONG_AGO);
		update();
		save("a.yml", "a: 22", LONG_AGO);
		stamps.remove("a.yml.yml");
		failures.put("a.yml", new AccessDeniedException("a.yml"));
		update();
		assertThat(index.contents()).containsExactly(entry("a.yml", id("a: 1")));
		assertThat(index.unreadable())
			.containsExactly("a.yml cannot be taken over (the user that runs the server may not read it)");
		assertThat(index.isUpToDate(stamps)).isFalse();
		failures.clear();
		update();
		assertThat(index.contents()).containsExactly(entry("a.yml", id("a: 22")));
		assertThat(index.unreadable()).isEmpty();
	}

	@Test
	void whatVanishesOrShrinksWhileItIsReadMakesItTryAgain() throws IOException {
		save("a.yml", "a: 1", LONG_AGO);
		for (IOException failure : List.of(new NoSuchFileException("a.yml"), new EOFException())) {
			failures.put("a.yml", failure);
			assertThat(updated()).isNull();
		}
	}

	private void save(String name, String content, Instant time) {
		contents.put(name, content);
		stamps.put(name, new Stamp(FileTime.from(time), content.length(), name));
	}

	private void update() throws IOException {
		index = Objects.requireNonNull(updated());
	}

	private @Nullable FolderIndex updated() throws IOException {
		try (ObjectInserter inserter = new ObjectInserter.Formatter() {

			@Override
			public ObjectId insert(int type, long length, InputStream in) throws IOException {
				return idFor(type, length, in);
			}

			@Override
			public void flush() {
			}

		}) {
			return index.update(folder, inserter, new TreeMap<>(stamps), index.contents(), RACY_FROM);
		}
	}

	private static ObjectId id(String content) {
		try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
			return formatter.idFor(Constants.OBJ_BLOB, content.getBytes(StandardCharsets.UTF_8));
		}
	}

}
