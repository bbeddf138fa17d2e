package com.example.configserver.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
	private volatile TakenFiles taken = TakenFiles.NONE;

	// Guarded by this; the commit of the head when everything was last taken over.
	private Optional<ObjectId> settled = Optional.empty();

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
		super(repository, "", BareRepositories.BRANCH);
		this.folder = folder;
		this.clock = clock;
		this.settling = settling;
		this.watch = new FolderWatch(folder.path(), this::hint);
	}

	@Override
	public synchronized Revision look() throws IOException {
		boolean isContended = false;
		for (int attempt = 0; attempt < ATTEMPTS && closed.getCount() > 0; attempt++) {
			// Before the folder: so nobody can have taken over a newer state of it and be
			// undone here unnoticed.
			Optional<ObjectId> newest = newestCommit();
			SortedMap<String, Stamp> stamps = stamps();
			if (newest.isPresent() && newest.equals(settled) && taken.isAs(stamps) && taken.isSure()) {
				return head();
			}
			Optional<ObjectId> seen = commits.ref(SEEN);
			SortedMap<String, ObjectId> before = taken.contents();
			if (isSettled(stamps) && take(stamps)) {
				if (newest.isPresent() && newest.equals(settled) && taken.contents().equals(before)) {
					return head();
				}
				settled = Optional.empty();
				if (commitChanges(newest, seen)) {
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
		return new IOException("The history in " + repository.getDirectory() + " cannot be written. " + remainder()
				+ "Other servers write to it all the time.");
	}

	private void pause() throws IOException {
		try {
			closed.await(settling.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while the configuration folder comes to rest", ex);
		}
	}

	private SortedMap<String, Stamp> stamps() throws IOException {
		try {
			return folder.look();
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
	}

	private IOException unreadable(IOException cause) {
		return new IOException("The configuration folder " + folder.path() + " cannot be taken over (" + cause + "). "
				+ remainder() + "Is it there, and may the user that runs the server read it?", cause);
	}

	private boolean isSettled(SortedMap<String, Stamp> stamps) throws IOException {
		if (taken.isAs(stamps)) {
			return true;
		}
		pause();
		return stamps().equals(stamps);
	}

	private boolean take(SortedMap<String, Stamp> stamps) throws IOException {
		SortedMap<String, ObjectId> before = taken.contents();
		Optional<ObjectId> seen = commits.ref(SEEN);
		if (before.isEmpty() && seen.isPresent()) {
			before = commits.listTree(seen.get());
		}
		TakenFiles now;
		try (ObjectInserter inserter = repository.newObjectInserter()) {
			now = taken.take(folder, inserter, stamps, before, clock.instant().minus(TIME_RESOLUTION));
		}
		catch (IOException ex) {
			throw unreadable(ex);
		}
		if (now == null || !stamps().equals(stamps)) {
			return false;
		}
		if (!now.obstacles().equals(taken.obstacles())) {
			log.warn(now.obstacles().isEmpty() ? "All of the configuration folder can be read again"
					: "In the configuration folder, " + String.join("; ", now.obstacles())
							+ ". What was read of it before stays in effect; other files are followed.");
		}
		taken = now;
		return true;
	}

	@Override
	public List<String> unreadable() {
		return taken.obstacles();
	}

	/**
	 * Makes what was taken the newest revision, if it is not.
	 * @return whether nobody else did something at the same time
	 */
	private boolean commitChanges(Optional<ObjectId> newest, Optional<ObjectId> seen) throws IOException {
		SortedMap<String, ObjectId> nothing = new TreeMap<>();
		SortedMap<String, ObjectId> before = seen.isPresent() ? commits.listTree(seen.get()) : nothing;
		SortedMap<String, ObjectId> now = taken.contents();
		ObjectId folderTree = commits.edit(Optional.empty(), nothing, now);
		Optional<ObjectId> present = newest.isPresent() ? Optional.of(commits.treeOf(newest.get())) : Optional.empty();
		ObjectId next = present.equals(seen) ? folderTree : commits.edit(present, before, now);
		Optional<ObjectId> commit = newest;
		if (!present.equals(Optional.of(next))) {
			List<String> changed = Commits.changed(before, now);
			commit = Optional.of(commits.insert(next, newest, author(changed), message(changed), clock.instant()));
			if (!setNewestCommit(newest, commit.get())) {
				return false;
			}
		}
		// Only now: if the server ends in between, the changes are found again, and are
		// none.
		if (!seen.equals(Optional.of(folderTree)) && !commits.setRef(SEEN, seen, folderTree)) {
			return false;
		}
		setHead(commits.revisionAt(commit.orElseThrow()).orElseThrow());
		settled = commit;
		return true;
	}

	private String author(List<String> changed) {
		Optional<String> newest = taken.files()
			.entrySet()
			.stream()
			.filter((file) -> changed.contains(file.getKey()))
			.max(Comparator.comparing((file) -> file.getValue().stamp().modified()))
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
		if (changed.isEmpty()) {
			return "no files yet";
		}
		Map<Boolean, List<String>> saved = changed.stream()
			.collect(Collectors.partitioningBy((name) -> taken.files().containsKey(name)));
		return Stream
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
		SortedMap<String, ObjectId> wanted = commits.list(commits.commit(earlier));
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			// What was saved until now is part of the history first.
			Revision present = look();
			ObjectId newest = commits.commit(present);
			SortedMap<String, ObjectId> files = commits.list(newest);
			if (files.equals(wanted)) {
				return present;
			}
			ObjectId tree = commits.edit(Optional.of(commits.treeOf(newest)), files, wanted);
			ObjectId commit = commits.insert(tree, Optional.of(newest), author, message, clock.instant());
			// Before the folder is written, so that whoever looks meanwhile finds that it
			// only becomes what the head is already.
			if (setNewestCommit(Optional.of(newest), commit)) {
				Revision restored = commits.revisionAt(commit).orElseThrow();
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
		try (ObjectReader reader = repository.newObjectReader()) {
			for (String name : Commits.changed(taken.contents(), wanted)) {
				Stamp stamp = taken.stamp(name);
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
		return commits.reading(() -> {
			Optional<ObjectId> seen = commits.ref(SEEN);
			Optional<ObjectId> newest = newestCommit();
			return (seen.isPresent() && newest.isPresent())
					? Commits.changed(commits.listTree(seen.get()), commits.list(newest.get())) : List.of();
		});
	}

	@Override
	public void await(Duration atMost) throws InterruptedException {
		watch.renew();
		super.await(atMost);
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
