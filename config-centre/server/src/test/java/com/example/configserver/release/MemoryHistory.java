package com.example.configserver.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.example.configserver.history.History;
import com.example.configserver.history.Revision;
import org.jspecify.annotations.Nullable;

/** A history whose revisions are in memory and have one file, {@code deli.yml}. */
final class MemoryHistory implements History {

	private final Map<String, Revision> revisions = new HashMap<>();

	private final Map<String, String> texts = new HashMap<>();

	private @Nullable Revision head;

	private boolean readOnly;

	/** Adds a revision to the line. */
	Revision commit(String id, String text) {
		Revision next = branch(id, head, text);
		head = next;
		return next;
	}

	/** Adds a revision beside the line. */
	Revision branch(String id, @Nullable Revision parent, String text) {
		Revision next = new Revision(id, (parent != null) ? parent.id() : null, "ada", Instant.EPOCH, "Save " + id);
		revisions.put(id, next);
		texts.put(id, text);
		return next;
	}

	/** Puts another revision at the end of the line, as a push by force does. */
	void moveTo(Revision other) {
		head = other;
	}

	/** Takes no revisions from the server any more. */
	void becomeReadOnly() {
		readOnly = true;
	}

	String text(Revision revision) {
		return Objects.requireNonNull(texts.get(revision.id()));
	}

	@Override
	public Revision look() {
		return head();
	}

	@Override
	public void await(Duration atMost) {
		// Nothing comes unasked.
	}

	@Override
	public void hint() {
		// Nobody waits.
	}

	@Override
	public Revision head() {
		if (head == null) {
			throw new IllegalStateException("empty");
		}
		return head;
	}

	@Override
	public Optional<Revision> find(String name) {
		return Optional.ofNullable(revisions.get(name));
	}

	@Override
	public List<Revision> revisions(int atMost) {
		return ancestors(head()).limit(atMost).toList();
	}

	@Override
	public boolean isAncestor(Revision earlier, Revision later) {
		return ancestors(later).anyMatch(earlier::equals);
	}

	private Stream<Revision> ancestors(Revision last) {
		return Stream.iterate(last, Objects::nonNull,
				(revision) -> (revision.parent() != null) ? revisions.get(revision.parent()) : null);
	}

	@Override
	public SortedMap<String, byte[]> files(Revision revision) {
		return new TreeMap<>(Map.of("deli.yml", text(revision).getBytes(StandardCharsets.UTF_8)));
	}

	@Override
	public Revision restore(Revision earlier, String author, String message) throws IOException {
		if (readOnly) {
			throw new IOException("takes nothing");
		}
		return commit(head().id() + "+" + earlier.id(), text(earlier));
	}

	@Override
	public void pack() {
		// There is nothing to bring together.
	}

	@Override
	public void close() {
		// Nothing is open.
	}

}
