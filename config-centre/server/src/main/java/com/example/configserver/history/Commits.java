package com.example.configserver.history;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/**
 * The configuration files in the commits of a repository, all of them in one folder.
 * Links among them do not count. Where a commit or tree may be missing, the zero id
 * stands for none. Safe for use by several threads.
 */
final class Commits {

	private static final String COMMITTER = "config-server";

	private final Repository git;

	private final String path;

	/**
	 * Reads a repository, which stays the caller's to close.
	 * @param path the folder with the configuration; empty for the root
	 */
	Commits(Repository git, String path) {
		this.git = git;
		this.path = path;
	}

	/**
	 * Lists the configuration files of a commit or tree.
	 * @return ids of their contents by their names
	 */
	SortedMap<String, ObjectId> list(ObjectId commit) throws IOException {
		SortedMap<String, ObjectId> files = new TreeMap<>();
		try (RevWalk commits = new RevWalk(git); TreeWalk walk = new TreeWalk(git)) {
			addFolder(walk, commits, commit);
			walk.setRecursive(true);
			while (walk.next()) {
				ObjectId blob = blob(walk, 0);
				if (blob != null && ConfigurationFiles.include(walk.getPathString())) {
					files.put(walk.getPathString(), blob);
				}
			}
		}
		return files;
	}

	/**
	 * Tells whether any configuration file differs between two commits.
	 */
	boolean differ(RevWalk commits, ObjectId one, ObjectId other) throws IOException {
		try (TreeWalk walk = new TreeWalk(git)) {
			addFolder(walk, commits, one);
			addFolder(walk, commits, other);
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

	private void addFolder(TreeWalk walk, RevWalk commits, ObjectId commit) throws IOException {
		RevTree root = commit.equals(ObjectId.zeroId()) ? null : commits.parseTree(commit);
		if (root != null && path.isEmpty()) {
			walk.addTree(root);
			return;
		}
		try (TreeWalk folder = (root != null) ? TreeWalk.forPath(walk.getObjectReader(), path, root) : null) {
			if (folder != null && folder.isSubtree()) {
				walk.addTree(folder.getObjectId(0));
			}
			else {
				walk.addTree(new EmptyTreeIterator());
			}
		}
	}

	private static @Nullable ObjectId blob(TreeWalk walk, int tree) {
		int mode = walk.getRawMode(tree);
		boolean isFile = FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
		return isFile ? walk.getObjectId(tree) : null;
	}

	/**
	 * Reads the configuration files of a commit, as far as a revision can hold them.
	 */
	SortedMap<String, byte[]> read(ObjectId commit) throws IOException {
		SortedMap<String, byte[]> contents = new TreeMap<>();
		int bytes = 0;
		try (ObjectReader reader = git.newObjectReader()) {
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

	/**
	 * Names the files that differ between two lists.
	 */
	static List<String> changed(SortedMap<String, ObjectId> before, SortedMap<String, ObjectId> after) {
		TreeSet<String> names = new TreeSet<>(before.keySet());
		names.addAll(after.keySet());
		names.removeIf((name) -> Objects.equals(before.get(name), after.get(name)));
		return List.copyOf(names);
	}

	/**
	 * Makes a tree of another by changing what differs between two lists of files.
	 * @param base the other tree
	 */
	ObjectId edit(ObjectId base, SortedMap<String, ObjectId> before, SortedMap<String, ObjectId> after)
			throws IOException {
		try (ObjectReader reader = git.newObjectReader(); ObjectInserter inserter = git.newObjectInserter()) {
			DirCache files = base.equals(ObjectId.zeroId()) ? DirCache.newInCore() : DirCache.read(reader, base);
			DirCacheEditor editor = files.editor();
			for (String name : changed(before, after)) {
				String file = path.isEmpty() ? name : path + "/" + name;
				ObjectId content = after.get(name);
				editor.add((content != null) ? replace(file, content) : new DirCacheEditor.DeletePath(file));
			}
			editor.finish();
			ObjectId tree = files.writeTree(inserter);
			inserter.flush();
			return tree;
		}
	}

	private static DirCacheEditor.PathEdit replace(String file, ObjectId content) {
		return new DirCacheEditor.PathEdit(file) {

			@Override
			public void apply(DirCacheEntry entry) {
				if (!entry.getFileMode().equals(FileMode.EXECUTABLE_FILE)) {
					entry.setFileMode(FileMode.REGULAR_FILE);
				}
				entry.setObjectId(content);
			}

		};
	}

	ObjectId insert(ObjectId tree, ObjectId parent, String author, String message, Instant time) throws IOException {
		CommitBuilder commit = new CommitBuilder();
		commit.setTreeId(tree);
		if (!parent.equals(ObjectId.zeroId())) {
			commit.setParentId(parent);
		}
		commit.setAuthor(new PersonIdent(author, "", time, ZoneOffset.UTC));
		commit.setCommitter(new PersonIdent(COMMITTER, "", time, ZoneOffset.UTC));
		commit.setMessage(message);
		try (ObjectInserter inserter = git.newObjectInserter()) {
			ObjectId id = inserter.insert(commit);
			inserter.flush();
			return id;
		}
	}

	/**
	 * Makes a commit on top of another one, with other configuration files.
	 */
	ObjectId insert(ObjectId parent, SortedMap<String, ObjectId> files, String author, String message, Instant time)
			throws IOException {
		return insert(edit(treeOf(parent), list(parent), files), parent, author, message, time);
	}

	ObjectId treeOf(ObjectId commit) throws IOException {
		return commit.equals(ObjectId.zeroId()) ? commit : git.parseCommit(commit).getTree().copy();
	}

}
