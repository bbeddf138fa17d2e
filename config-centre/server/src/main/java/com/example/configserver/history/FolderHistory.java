package com.example.configserver.history;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.example.configserver.history.Folder.Stamp;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * The history of a folder: each save is a revision.
 *
 * <p>
 * A revision holds what the one before held, with those files changed that changed in the
 * folder. So a restored revision stays in effect where the folder cannot be written, file
 * by file, until somebody saves that file again.
 *
 * <p>
 * Several servers may share the folder and its history. Each save becomes one revision,
 * whoever of them sees it first.
 */
public final class FolderHistory extends CommitHistory {

	private static final Log log = LogFactory.getLog(FolderHistory.class);

	// Refers to the tree of what the folder held when it was last taken over.
	private static final String SEEN = "refs/platform/folder";

	private static final Duration SETTLING = Duration.ofMillis(10);

	// Some file systems tell times no finer.
	private static final Duration TIME_RESOLUTION = Duration.ofSeconds(2);

	private static final int ATTEMPTS = 100;

	private static final int NAMES_IN_MESSAGE = 5;

	private final Folder folder;

	private final Clock clock;

	private final Duration settling;

	private final FolderWatch watch;

	private final CountDownLatch closed = new CountDownLatch(1);

	// Changed under this lock alone.
	private volatile FolderIndex index = FolderIndex.EMPTY;

	// Guarded by this; the newest commit when the index became part of it.
	private @Nullable ObjectId settled;

	/**
	 * Opens the history of a folder, and begins one if there is none.
	 * @param folder the folder with the configuration; only {@link #restore} writes to it
	 * @param repository a folder for the history itself, kept between runs
	 * @param clock tells when a change happened
	 * @throws IllegalArgumentException if there is no such folder
	 * @throws IOException if the history cannot be opened
	 */
	public FolderHistory(Path folder, Path repository, Clock clock) throws IOException {
		this(new Folder(folder), repository, clock, SETTLING);
	}

	/**
	 * Opens the history of a folder.
	 * @param settling for how long nothing may change before a change is taken over:
	 * editors write in several steps
	 */
	FolderHistory(Folder folder, Path repository, Clock clock, Duration settling) throws IOException {
		super(repository, "", "refs/heads/main");
		this.folder = folder;
		this.clock = clock;
		this.settling = settling;
		this.watch = new FolderWatch(folder, this::hint);
	}

	@Override
	public synchronized Revision look() throws IOException {
		boolean isContended = false;
		for (int attempt = 0; attempt < ATTEMPTS && closed.getCount() > 0; attempt++) {
			// Before the folder: so nobody can have taken over a newer state of it and be
			// undone here unnoticed.
			ObjectId newest = newestCommit();
			ObjectId seen = repository.ref(SEEN);
			if (takeOver(seen)) {
				if (newest.equals(settled) || commitChanges(newest, seen)) {
					return head();
				}
				isContended = true;
				pause();
			}
		}
		if (isContended) {
			throw contended();
		}
		return knownHead().orElseThrow(() -> new IOException("The configuration folder " + folder.path()
				+ " does not come to rest, so it cannot be taken over. What writes to it all the time?"));
	}

	private IOException contended() {
		return new IOException("The history in " + repository + " cannot be written. " + remainder()
				+ "Other servers write to it all the time.");
	}

	private void pause() throws InterruptedIOException {
		try {
			closed.await(settling.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while the configuration folder comes to rest");
		}
	}

	/**
	 * Brings the index up to date.
	 * @param seen the tree that it begins with
	 * @return whether the folder was at rest
	 */
	private boolean takeOver(ObjectId seen) throws IOException {
		SortedMap<String, ObjectId> before = index.contents().isEmpty() ? commits.list(seen) : index.contents();
		try (ObjectInserter inserter = repository.git().newObjectInserter()) {
			SortedMap<String, Stamp> stamps = watch.look();
			if (index.isUpToDate(stamps)) {
				return true;
			}
			if (!index.stamps().equals(stamps)) {
				pause();
				if (!watch.look().equals(stamps)) {
					return false;
				}
			}
			FolderIndex now = index.update(folder, inserter, stamps, before, clock.instant().minus(TIME_RESOLUTION));
			if (now == null || !watch.look().equals(stamps)) {
				return false;
			}
			if (!now.unreadable().equals(index.unreadable())) {
				log.warn(now.unreadable().isEmpty() ? "All of the configuration folder can be read again"
						: "In the configuration folder, " + String.join("; ", now.unreadable())
								+ ". What was read of it before stays in effect; other files are followed.");
			}
			if (!now.contents().equals(index.contents())) {
				settled = null;
			}
			index = now;
			return true;
		}
		catch (InterruptedIOException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new IOException("The configuration folder " + folder.path() + " cannot be taken over (" + ex + "). "
					+ remainder() + "Is it there, and may the user that runs the server read it?", ex);
		}
	}

	@Override
	public List<String> unreadable() {
		return index.unreadable();
	}

	/**
	 * Makes what was taken the newest revision, if it is not.
	 * @return whether nobody else did something at the same time
	 */
	private boolean commitChanges(ObjectId newest, ObjectId seen) throws IOException {
		SortedMap<String, ObjectId> before = commits.list(seen);
		SortedMap<String, ObjectId> now = index.contents();
		ObjectId present = commits.treeOf(newest);
		ObjectId next = commits.edit(present, before, now);
		ObjectId commit = newest;
		if (!next.equals(present)) {
			List<String> changed = Commits.changed(before, now);
			commit = commits.insert(next, newest, author(changed), message(changed), clock.instant());
			if (!setNewestCommit(newest, commit)) {
				return false;
			}
		}
		// Only now: if the server ends in between, the changes are found again, and are
		// none.
		ObjectId folderTree = commits.edit(ObjectId.zeroId(), FolderIndex.EMPTY.contents(), now);
		if (!folderTree.equals(seen) && !repository.setRef(SEEN, seen, folderTree)) {
			return false;
		}
		setHead(revisionAt(commit).orElseThrow());
		settled = commit;
		return true;
	}

	private String author(List<String> changed) {
		Optional<String> newest = index.stamps()
			.entrySet()
			.stream()
			.filter((file) -> changed.contains(file.getKey()))
			.max(Comparator.comparing((file) -> file.getValue().modified()))
			.map(Map.Entry::getKey);
		try {
			if (newest.isPresent()) {
				return folder.owner(newest.get());
			}
		}
		catch (IOException | UnsupportedOperationException ex) {
			log.debug("The owner of " + newest.get() + " cannot be told", ex);
		}
		return System.getProperty("user.name", "unknown");
	}

	private String message(List<String> changed) {
		Map<Boolean, List<String>> saved = changed.stream()
			.collect(Collectors.partitioningBy((name) -> index.stamps().containsKey(name)));
		return changed.isEmpty() ? "no files yet"
				: Stream
					.of(names(saved.getOrDefault(true, List.of()), "saved"),
							names(saved.getOrDefault(false, List.of()), "deleted"))
					.filter((part) -> !part.isEmpty())
					.collect(Collectors.joining(", "));
	}

	private static String names(List<String> names, String what) {
		if (names.isEmpty()) {
			return "";
		}
		String first = names.stream().limit(NAMES_IN_MESSAGE).collect(Collectors.joining(", "));
		int more = names.size() - NAMES_IN_MESSAGE;
		return first + ((more > 0) ? " and " + more + " more " : " ") + what;
	}

	@Override
	public synchronized Revision restore(Revision earlier, String author, String message) throws IOException {
		SortedMap<String, ObjectId> wanted = commits.list(commitOf(earlier));
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			// What was saved until now is part of the history first.
			Revision present = look();
			ObjectId newest = commitOf(present);
			if (commits.list(newest).equals(wanted)) {
				return present;
			}
			ObjectId commit = commits.insert(newest, wanted, author, message, clock.instant());
			// Before the folder is written, so that whoever looks meanwhile finds that it
			// only becomes what the head is already.
			if (setNewestCommit(newest, commit)) {
				Revision restored = revisionAt(commit).orElseThrow();
				setHead(restored);
				write(wanted);
				return restored;
			}
			pause();
		}
		throw contended();
	}

	private void write(SortedMap<String, ObjectId> wanted) {
		List<String> failures = new ArrayList<>();
		try (ObjectReader reader = repository.git().newObjectReader()) {
			for (String name : Commits.changed(index.contents(), wanted)) {
				Stamp stamp = index.stamps().get(name);
				ObjectId content = wanted.get(name);
				try {
					if (content != null) {
						folder.write(name, stamp, reader.open(content));
					}
					else {
						folder.delete(name, stamp);
					}
				}
				catch (IOException | UnsupportedOperationException ex) {
					failures.add(ex.toString());
				}
			}
		}
		if (!failures.isEmpty()) {
			log.warn("The restored revision is in effect, but the configuration folder keeps other files, each until"
					+ " it is saved again: " + failures);
		}
		try {
			look();
		}
		catch (IOException ex) {
			log.debug("What was restored is looked at the next time", ex);
		}
	}

	@Override
	public List<String> drift() {
		return reading(() -> {
			ObjectId seen = repository.ref(SEEN);
			return seen.equals(ObjectId.zeroId()) ? List.of()
					: Commits.changed(commits.list(seen), commits.list(newestCommit()));
		});
	}

	@Override
	public void close() {
		closed.countDown();
		watch.close();
		synchronized (this) {
			repository.close();
		}
	}

}
