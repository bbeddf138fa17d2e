package com.example.configserver.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/**
 * The commits of one repository, read as revisions of the configuration files in one of
 * its folders. Links among the files do not count. Safe for use by several threads.
 */
final class Commits {

	private static final Pattern ABBREVIATION = Pattern.compile("[0-9a-f]{4,40}");

	private static final int ID_LENGTH = 12;

	private static final int MOST_REMEMBERED = 5000;

	private static final String COMMITTER = "config-server";

	private final Repository repository;

	private final String path;

	private final Map<String, ObjectId> idsOfRevisions = latest();

	// Below a commit there may be thousands that change other folders.
	private final Map<ObjectId, ObjectId> newestChanges = latest();

	/**
	 * Reads a repository, which stays the caller's to close.
	 * @param path the folder with the configuration; empty for the root
	 */
	Commits(Repository repository, String path) {
		this.repository = repository;
		this.path = path;
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

	String folder() {
		return path.isEmpty() ? "its root" : path;
	}

	Optional<ObjectId> ref(String name) throws IOException {
		return Optional.ofNullable(repository.exactRef(name)).map(Ref::getObjectId);
	}

	/**
	 * Sets a ref unless somebody else does at the same time.
	 * @param expected what it refers to now
	 * @return whether it was so and is set
	 */
	boolean setRef(String name, Optional<ObjectId> expected, ObjectId next) throws IOException {
		RefUpdate update = repository.updateRef(name);
		update.setExpectedOldObjectId(expected.orElse(ObjectId.zeroId()));
		update.setNewObjectId(next);
		update.setForceUpdate(true);
		update.disableRefLog();
		RefUpdate.Result result = BareRepositories.changing(repository, List.of(name), update::update);
		return switch (result) {
			case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> true;
			case LOCK_FAILURE -> false;
			default ->
				throw new IOException("The history in " + repository.getDirectory() + " cannot be written: " + result);
		};
	}

	/**
	 * Returns the revision that is in effect at a commit: the newest one on the line of
	 * its first parents.
	 * @return empty if there was never a configuration file
	 */
	Optional<Revision> revisionAt(ObjectId commit) throws IOException {
		return revisions(commit, 1).stream().findFirst();
	}

	List<Revision> revisions(ObjectId newest, int atMost) throws IOException {
		List<Revision> revisions = new ArrayList<>();
		try (RevWalk walk = new RevWalk(repository)) {
			RevCommit change = newestChange(walk, walk.parseCommit(newest));
			while (change != null && revisions.size() < atMost) {
				RevCommit earlier = newestChange(walk, firstParent(walk, change));
				revisions.add(revision(change, earlier));
				change = earlier;
			}
		}
		return revisions;
	}

	private Revision revision(RevCommit commit, @Nullable RevCommit parent) {
		String id = idOf(commit);
		idsOfRevisions.put(id, commit.copy());
		return new Revision(id, (parent != null) ? idOf(parent) : null, commit.getAuthorIdent().getName(),
				Instant.ofEpochSecond(commit.getCommitTime()), commit.getFullMessage().strip());
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
			if (differ(commit, parent) || (parent == null && commit.getTree().equals(Constants.EMPTY_TREE_ID))) {
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

	private boolean differ(RevCommit commit, @Nullable RevCommit parent) throws IOException {
		try (TreeWalk walk = new TreeWalk(repository)) {
			addFolder(walk, commit);
			if (parent != null) {
				addFolder(walk, parent);
			}
			else {
				walk.addTree(new CanonicalTreeParser());
			}
			walk.setFilter(TreeFilter.ANY_DIFF);
			walk.setRecursive(true);
			while (walk.next()) {
				if (ConfigurationFiles.include(walk.getPathString()) && !Objects.equals(blob(walk, 0), blob(walk, 1))) {
					return true;
				}
			}
			return false;
		}
	}

	private void addFolder(TreeWalk walk, RevCommit commit) throws IOException {
		if (path.isEmpty()) {
			walk.addTree(commit.getTree());
			return;
		}
		try (TreeWalk folder = TreeWalk.forPath(walk.getObjectReader(), path, commit.getTree())) {
			if (folder != null && folder.isSubtree()) {
				walk.addTree(folder.getObjectId(0));
			}
			else {
				walk.addTree(new CanonicalTreeParser());
			}
		}
	}

	private static @Nullable ObjectId blob(TreeWalk walk, int tree) {
		int mode = walk.getRawMode(tree);
		boolean isFile = FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
		return isFile ? walk.getObjectId(tree) : null;
	}

	/**
	 * Finds the commit that an id or the beginning of one stands for.
	 */
	Optional<ObjectId> find(String id) throws IOException {
		String abbreviation = id.toLowerCase(Locale.ROOT);
		if (!ABBREVIATION.matcher(abbreviation).matches()) {
			return Optional.empty();
		}
		ObjectId known = idsOfRevisions.get(abbreviation);
		if (known != null) {
			return Optional.of(known);
		}
		List<ObjectId> commits = new ArrayList<>();
		try (ObjectReader reader = repository.newObjectReader()) {
			for (ObjectId candidate : reader.resolve(AbbreviatedObjectId.fromString(abbreviation))) {
				if (reader.open(candidate).getType() == Constants.OBJ_COMMIT) {
					commits.add(candidate);
				}
			}
		}
		return (commits.size() == 1) ? Optional.of(commits.get(0)) : Optional.empty();
	}

	/**
	 * Finds the commit of a branch, or the one that a tag marks.
	 */
	Optional<ObjectId> commitOf(String ref) throws IOException {
		Optional<ObjectId> target = ref(ref);
		if (target.isEmpty()) {
			return target;
		}
		try (RevWalk walk = new RevWalk(repository)) {
			return (walk.peel(walk.parseAny(target.get())) instanceof RevCommit commit) ? Optional.of(commit.copy())
					: Optional.empty();
		}
	}

	ObjectId commit(Revision revision) throws IOException {
		return find(revision.id()).orElseThrow(() -> new IllegalArgumentException("Revision " + revision.id()
				+ " is not part of the history in " + repository.getDirectory() + ". Has it been deleted?"));
	}

	boolean isAncestor(ObjectId earlier, ObjectId later) throws IOException {
		try (RevWalk walk = new RevWalk(repository)) {
			return walk.isMergedInto(walk.parseCommit(earlier), walk.parseCommit(later));
		}
	}

	/**
	 * Lists the configuration files of a commit.
	 * @return ids of their contents by their names
	 */
	SortedMap<String, ObjectId> list(ObjectId commit) throws IOException {
		try (RevWalk commits = new RevWalk(repository); TreeWalk walk = new TreeWalk(repository)) {
			addFolder(walk, commits.parseCommit(commit));
			return list(walk);
		}
	}

	SortedMap<String, ObjectId> listTree(ObjectId tree) throws IOException {
		try (TreeWalk walk = new TreeWalk(repository)) {
			walk.addTree(tree);
			return list(walk);
		}
	}

	private static SortedMap<String, ObjectId> list(TreeWalk walk) throws IOException {
		SortedMap<String, ObjectId> files = new TreeMap<>();
		walk.setRecursive(true);
		while (walk.next()) {
			ObjectId blob = blob(walk, 0);
			if (blob != null && ConfigurationFiles.include(walk.getPathString())) {
				files.put(walk.getPathString(), blob);
			}
		}
		return files;
	}

	/**
	 * Reads the configuration files of a commit, as far as a revision can hold them.
	 */
	SortedMap<String, byte[]> read(ObjectId commit) throws IOException {
		SortedMap<String, byte[]> contents = new TreeMap<>();
		int bytes = 0;
		try (ObjectReader reader = repository.newObjectReader()) {
			for (Map.Entry<String, ObjectId> file : list(commit).entrySet()) {
				try (InputStream stream = reader.open(file.getValue()).openStream()) {
					byte[] content = stream.readNBytes(History.LARGEST_FILE + 1);
					contents.put(file.getKey(), content);
					bytes += content.length;
				}
				if (bytes > History.LARGEST_REVISION || contents.size() > History.MOST_FILES) {
					break;
				}
			}
		}
		return contents;
	}

	ObjectId treeOf(ObjectId commit) throws IOException {
		try (RevWalk walk = new RevWalk(repository)) {
			return walk.parseCommit(commit).getTree().copy();
		}
	}

	/**
	 * Makes a tree of another by changing what differs between two lists of files.
	 * @param base the other tree
	 */
	ObjectId edit(Optional<ObjectId> base, SortedMap<String, ObjectId> before, SortedMap<String, ObjectId> after)
			throws IOException {
		try (ObjectReader reader = repository.newObjectReader();
				ObjectInserter inserter = repository.newObjectInserter()) {
			DirCache files = base.isPresent() ? DirCache.read(reader, base.get()) : DirCache.newInCore();
			DirCacheEditor editor = files.editor();
			for (String name : changed(before, after)) {
				String file = path.isEmpty() ? name : path + "/" + name;
				ObjectId content = after.get(name);
				editor.add((content != null) ? new SetContent(file, content) : new DirCacheEditor.DeletePath(file));
			}
			editor.finish();
			ObjectId tree = files.writeTree(inserter);
			inserter.flush();
			return tree;
		}
	}

	/**
	 * Names the files that differ between two lists.
	 */
	static List<String> changed(SortedMap<String, ObjectId> before, SortedMap<String, ObjectId> after) {
		TreeSet<String> names = new TreeSet<>(before.keySet());
		names.addAll(after.keySet());
		names.removeIf((name) -> Objects.equals(before.get(name), after.get(name)));
		return List.copyOf(names);
	}

	ObjectId insert(ObjectId tree, Optional<ObjectId> parent, String author, String message, Instant time)
			throws IOException {
		CommitBuilder commit = new CommitBuilder();
		commit.setTreeId(tree);
		parent.ifPresent(commit::setParentId);
		commit.setAuthor(new PersonIdent(author, "", time, ZoneOffset.UTC));
		commit.setCommitter(new PersonIdent(COMMITTER, "", time, ZoneOffset.UTC));
		commit.setMessage(message);
		try (ObjectInserter inserter = repository.newObjectInserter()) {
			ObjectId id = inserter.insert(commit);
			inserter.flush();
			return id;
		}
	}

	/**
	 * Reads for somebody who cannot be told of an {@link IOException}.
	 */
	<T> T reading(Read<T> read) {
		try {
			return read.get();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The history in " + repository.getDirectory() + " cannot be read", ex);
		}
	}

	/**
	 * Something to read.
	 */
	interface Read<T> {

		T get() throws IOException;

	}

	private static final class SetContent extends DirCacheEditor.PathEdit {

		private final ObjectId content;

		private SetContent(String file, ObjectId content) {
			super(file);
			this.content = content;
		}

		@Override
		public void apply(DirCacheEntry entry) {
			if (!entry.getFileMode().equals(FileMode.EXECUTABLE_FILE)) {
				entry.setFileMode(FileMode.REGULAR_FILE);
			}
			entry.setObjectId(content);
		}

	}

}
