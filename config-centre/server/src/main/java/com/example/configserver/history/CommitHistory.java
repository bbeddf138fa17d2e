package com.example.configserver.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.ThrowingSupplier;

/**
 * A history that is kept in a bare repository of our own. Its revisions are those commits
 * on the line of first parents that change a configuration file.
 */
abstract class CommitHistory implements History {

	private static final Pattern ABBREVIATION = Pattern.compile("[0-9a-f]{4,40}");

	private static final int ID_LENGTH = 12;

	private static final int MOST_REMEMBERED = 5000;

	final BareRepository repository;

	final Commits commits;

	private final Semaphore hints = new Semaphore(0);

	private final String newestRef;

	// What was once found is not unknown when the repository has lost it.
	private final Map<String, ObjectId> idsOfRevisions = latest();

	// Below a commit there may be thousands that change other folders.
	private final Map<ObjectId, ObjectId> newestChanges = latest();

	private volatile @Nullable Revision head;

	/**
	 * Opens the history.
	 * @param repository where it is kept
	 * @param path folder of the configuration in its commits
	 * @param newestRef refers to the newest commit
	 */
	CommitHistory(Path repository, String path, String newestRef) throws IOException {
		this.repository = new BareRepository(repository);
		this.commits = new Commits(this.repository.git(), path);
		this.newestRef = newestRef;
		this.head = revisionAt(newestCommit()).orElse(null);
	}

	// What was asked for last.
	private static <K, V> Map<K, V> latest() {
		return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {

			@Override
			protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
				return size() > MOST_REMEMBERED;
			}

		});
	}

	/** Zero if there is none. */
	final ObjectId newestCommit() throws IOException {
		return repository.ref(newestRef);
	}

	final boolean setNewestCommit(ObjectId expected, ObjectId next) throws IOException {
		return repository.setRef(newestRef, expected, next);
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

	/**
	 * Returns the revision that is in effect at a commit.
	 * @return empty if there was never a configuration file
	 */
	final Optional<Revision> revisionAt(ObjectId commit) throws IOException {
		return revisions(commit, 1).stream().findFirst();
	}

	private List<Revision> revisions(ObjectId newest, int atMost) throws IOException {
		List<Revision> revisions = new ArrayList<>();
		try (RevWalk walk = new RevWalk(repository.git())) {
			RevCommit change = newest.equals(ObjectId.zeroId()) ? null : newestChange(walk, walk.parseCommit(newest));
			while (change != null && revisions.size() < atMost) {
				RevCommit earlier = newestChange(walk, firstParent(walk, change));
				idsOfRevisions.put(idOf(change), change.copy());
				revisions.add(new Revision(idOf(change), (earlier != null) ? idOf(earlier) : null,
						change.getAuthorIdent().getName(), Instant.ofEpochSecond(change.getCommitTime()),
						change.getFullMessage().strip()));
				change = earlier;
			}
		}
		return revisions;
	}

	private static String idOf(RevCommit commit) {
		return commit.name().substring(0, ID_LENGTH);
	}

	private @Nullable RevCommit newestChange(RevWalk walk, @Nullable RevCommit start) throws IOException {
		RevCommit commit = start;
		while (commit != null) {
			ObjectId known = newestChanges.get(commit);
			if (known != null) {
				commit = walk.parseCommit(known);
				break;
			}
			RevCommit parent = firstParent(walk, commit);
			// A folder's history may begin with no file at all.
			if (commits.differ(walk, commit, (parent != null) ? parent : ObjectId.zeroId())
					|| (parent == null && commit.getTree().equals(Constants.EMPTY_TREE_ID))) {
				break;
			}
			commit = parent;
		}
		if (start != null && commit != null) {
			newestChanges.put(start.copy(), commit.copy());
		}
		return commit;
	}

	private static @Nullable RevCommit firstParent(RevWalk walk, RevCommit commit) throws IOException {
		return (commit.getParentCount() > 0) ? walk.parseCommit(commit.getParent(0)) : null;
	}

	@Override
	public Optional<Revision> find(String name) {
		return reading(() -> revisionAt(commitOf(name)));
	}

	// Zero if there is none, or several.
	private ObjectId commitOf(String id) throws IOException {
		String abbreviation = id.toLowerCase(Locale.ROOT);
		if (!ABBREVIATION.matcher(abbreviation).matches()) {
			return ObjectId.zeroId();
		}
		ObjectId known = idsOfRevisions.get(abbreviation);
		if (known != null) {
			return known;
		}
		List<ObjectId> candidates = new ArrayList<>();
		try (ObjectReader reader = repository.git().newObjectReader()) {
			for (ObjectId candidate : reader.resolve(AbbreviatedObjectId.fromString(abbreviation))) {
				if (reader.open(candidate).getType() == Constants.OBJ_COMMIT) {
					candidates.add(candidate);
				}
			}
		}
		return (candidates.size() == 1) ? candidates.get(0) : ObjectId.zeroId();
	}

	final ObjectId commitOf(Revision revision) throws IOException {
		ObjectId commit = commitOf(revision.id());
		if (commit.equals(ObjectId.zeroId())) {
			throw new IllegalArgumentException("Revision " + revision.id() + " is not part of the history in "
					+ repository + ". Has it been deleted?");
		}
		return commit;
	}

	@Override
	public final List<Revision> revisions(int atMost) {
		Optional<Revision> newest = knownHead();
		return newest.isPresent() ? reading(() -> revisions(commitOf(newest.get()), atMost)) : List.of();
	}

	@Override
	public final boolean isAncestor(Revision earlier, Revision later) {
		return reading(() -> {
			try (RevWalk walk = new RevWalk(repository.git())) {
				return walk.isMergedInto(walk.parseCommit(commitOf(earlier)), walk.parseCommit(commitOf(later)));
			}
		});
	}

	@Override
	public final SortedMap<String, byte[]> files(Revision revision) {
		return reading(() -> commits.read(commitOf(revision)));
	}

	/**
	 * Reads for somebody who cannot be told of an {@link IOException}.
	 */
	final <T> T reading(ThrowingSupplier<T> read) {
		return read.get((message, ex) -> new UncheckedIOException("The history in " + repository + " cannot be read",
				(IOException) ex));
	}

	@Override
	public final void pack() throws IOException {
		repository.pack();
	}

	@Override
	public void await(Duration atMost) throws InterruptedException {
		// Any number of hints end one waiting.
		if (hints.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
			hints.drainPermits();
		}
	}

	@Override
	public final void hint() {
		hints.release();
	}

}
