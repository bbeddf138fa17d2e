package com.example.configserver.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * A history that is kept in a bare repository of its own.
 */
abstract class CommitHistory implements History {

	final Repository repository;

	final Commits commits;

	private final Hints hints = new Hints();

	private final String newestRef;

	private volatile @Nullable Revision head;

	/**
	 * Opens the history.
	 * @param repository where it is kept
	 * @param path folder of the configuration in its commits
	 * @param newestRef refers to the newest commit
	 */
	CommitHistory(Path repository, String path, String newestRef) throws IOException {
		this.repository = BareRepositories.open(repository);
		this.commits = new Commits(this.repository, path);
		this.newestRef = newestRef;
		Optional<ObjectId> newest = newestCommit();
		if (newest.isPresent()) {
			this.head = commits.revisionAt(newest.get()).orElse(null);
		}
	}

	final Optional<ObjectId> newestCommit() throws IOException {
		return commits.ref(newestRef);
	}

	final boolean setNewestCommit(Optional<ObjectId> expected, ObjectId next) throws IOException {
		return commits.setRef(newestRef, expected, next);
	}

	final void setHead(Revision newest) {
		head = newest;
	}

	final Optional<Revision> knownHead() {
		return Optional.ofNullable(head);
	}

	// Ends a sentence about what does not work.
	final String remainder() {
		return knownHead().map((known) -> "Revision " + known.id() + " stays in effect. ")
			.orElse("No earlier revision is known. ");
	}

	@Override
	public final Revision head() {
		return knownHead().orElseThrow(() -> new IllegalStateException("No revision is known yet"));
	}

	@Override
	public Optional<Revision> find(String name) {
		return commits.reading(() -> {
			Optional<ObjectId> commit = commits.find(name);
			return commit.isPresent() ? commits.revisionAt(commit.get()) : Optional.empty();
		});
	}

	@Override
	public final List<Revision> revisions(int atMost) {
		Optional<Revision> newest = knownHead();
		return newest.isPresent() ? commits.reading(() -> commits.revisions(commits.commit(newest.get()), atMost))
				: List.of();
	}

	@Override
	public final boolean isAncestor(Revision earlier, Revision later) {
		return commits.reading(() -> commits.isAncestor(commits.commit(earlier), commits.commit(later)));
	}

	@Override
	public final SortedMap<String, byte[]> files(Revision revision) {
		return commits.reading(() -> commits.read(commits.commit(revision)));
	}

	@Override
	public final void pack() throws IOException {
		BareRepositories.pack(repository);
	}

	@Override
	public void await(Duration atMost) throws InterruptedException {
		hints.await(atMost);
	}

	@Override
	public final void hint() {
		hints.hint();
	}

}
