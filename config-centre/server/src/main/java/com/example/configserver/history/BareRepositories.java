package com.example.configserver.history;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jgit.api.GarbageCollectCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Opens bare repositories, of which only their own configuration counts: a history must
 * not depend on who starts the server. For that, JGit is told once for the whole process
 * to look neither at the user's nor at the system's.
 */
final class BareRepositories {

	static final String BRANCH = "refs/heads/main";

	private static final Log log = LogFactory.getLog(BareRepositories.class);

	private static final Lock THREADS = new ReentrantLock();

	private static final String LOCK = "platform.lock";

	private static final int MOST_LOOSE_OBJECTS = 1000;

	// Each fetch brings one.
	private static final int MOST_PACKS = 50;

	static {
		SystemReader.setInstance(new SelfContained(SystemReader.getInstance()));
		// Of what is larger the beginning is read, and the rest is not to take memory.
		WindowCacheConfig cache = new WindowCacheConfig();
		cache.setStreamFileThreshold(2 * History.LARGEST_FILE);
		cache.install();
	}

	private BareRepositories() {
	}

	/**
	 * Opens a repository, and creates it first if there is none. Only its owner may read
	 * it, since configuration holds secrets.
	 * @throws IOException if the folder holds something else, or cannot be written
	 */
	static Repository open(Path directory) throws IOException {
		Path absolute = directory.toAbsolutePath().normalize();
		if (!Files.isDirectory(absolute)) {
			Files.createDirectories(absolute.resolveSibling(""));
			Files.createDirectories(absolute, ownerOnly(absolute));
		}
		if (!Files.exists(absolute.resolve(LOCK)) && !exists(absolute) && !isEmpty(absolute)) {
			throw new IOException(absolute + " holds something else than a history of the configuration. Name an"
					+ " empty folder for it, or one that does not exist.");
		}
		return alone(absolute, () -> {
			boolean exists = exists(absolute);
			Repository repository = new FileRepositoryBuilder().setGitDir(absolute.toFile()).setBare().build();
			if (!exists) {
				repository.create(true);
			}
			packIfMany(repository);
			return repository;
		});
	}

	/**
	 * Brings the files of a repository together when they have become many: each revision
	 * adds some. Nothing is lost by it, also not what no branch leads to any more.
	 */
	static void pack(Repository repository) throws IOException {
		alone(repository.getDirectory().toPath(), () -> {
			packIfMany(repository);
			return repository;
		});
	}

	/**
	 * Changes refs of a repository, with a lock that ends with this process, however that
	 * ends. Git's own locks are files, which a server that is killed leaves behind; who
	 * holds this one may delete them.
	 * @param names the refs; none for all
	 */
	static <T> T changing(Repository repository, List<String> names, Change<T> change) throws IOException {
		Path directory = repository.getDirectory().toPath();
		return alone(directory, () -> {
			Files.deleteIfExists(directory.resolve("packed-refs.lock"));
			for (String name : names) {
				Files.deleteIfExists(directory.resolve(name + ".lock"));
			}
			if (names.isEmpty()) {
				try (Stream<Path> refs = Files.walk(directory.resolve("refs"))) {
					for (Path left : refs.filter((file) -> file.toString().endsWith(".lock")).toList()) {
						Files.deleteIfExists(left);
					}
				}
			}
			return change.make();
		});
	}

	// The operating system's lock is the whole process's, so its threads need another
	// one.
	private static <T> T alone(Path directory, Change<T> change) throws IOException {
		THREADS.lock();
		try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
			return change.make();
		}
		finally {
			THREADS.unlock();
		}
	}

	private static void packIfMany(Repository repository) {
		GarbageCollectCommand collect = Git.wrap(repository).gc().setExpire(Instant.EPOCH);
		try {
			Properties statistics = collect.getStatistics();
			if (isMore(statistics.get("numberOfLooseObjects"), MOST_LOOSE_OBJECTS)
					|| isMore(statistics.get("numberOfPackFiles"), MOST_PACKS)) {
				collect.call();
			}
		}
		catch (GitAPIException | JGitInternalException ex) {
			log.warn("The history in " + repository.getDirectory() + " cannot be packed, and keeps many files", ex);
		}
	}

	private static boolean isMore(@Nullable Object count, int bound) {
		return count instanceof Long number && number > bound;
	}

	private static boolean exists(Path repository) {
		return FileKey.isGitRepository(repository.toFile(), FS.DETECTED);
	}

	private static FileAttribute<?>[] ownerOnly(Path directory) {
		if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) };
	}

	private static boolean isEmpty(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			// A volume of its own comes with lost+found.
			return files.allMatch((file) -> file.endsWith("lost+found"));
		}
	}

	/**
	 * Something that is done while nobody else does.
	 */
	interface Change<T> {

		T make() throws IOException;

	}

	/**
	 * Hides what the user and the system have configured for git.
	 */
	private static final class SelfContained extends SystemReader.Delegate {

		private SelfContained(SystemReader system) {
			super(system);
		}

		@Override
		public FileBasedConfig openUserConfig(Config parent, FS fs) {
			return new Defaults(fs);
		}

		@Override
		public FileBasedConfig openSystemConfig(Config parent, FS fs) {
			return new Defaults(fs);
		}

		@Override
		public FileBasedConfig openJGitConfig(Config parent, FS fs) {
			return new Defaults(fs);
		}

		// GIT_SSH would start a program.
		@Override
		public @Nullable String getenv(String variable) {
			return variable.startsWith("GIT_") ? null : super.getenv(variable);
		}

	}

	/**
	 * What counts unless the repository itself says otherwise.
	 */
	private static final class Defaults extends FileBasedConfig {

		private Defaults(FS fs) {
			super(null, fs);
			setString("user", null, "name", "config-server");
			setString("user", null, "email", "config-server@localhost");
			// So that no loss of power leaves a head that cannot be read.
			setBoolean("core", null, "fsyncObjectFiles", true);
			setString("init", null, "defaultBranch", Repository.shortenRefName(BRANCH));
			// Otherwise JGit retries for ever to write to who does not listen any more
			// (https://github.com/eclipse-jgit/jgit/issues/162).
			setBoolean("pack", null, "reuseObjects", false);
			setBoolean("pack", null, "reuseDeltas", false);
			setBoolean("pack", null, "deltaCompression", false);
			setInt("gc", null, "auto", 0);
			setBoolean("receive", null, "autogc", false);
			// What was packed anew is in no pack twice; no other git works here
			// meanwhile.
			setString("gc", null, "prunePackExpire", "now");
		}

		@Override
		public @Nullable String getString(String section, @Nullable String subsection, String name) {
			// JGit would measure it for seconds, and leave files while it does.
			if (section.equals("filesystem") && name.equals("timestampResolution")) {
				return "10 milliseconds";
			}
			return super.getString(section, subsection, name);
		}

		@Override
		public void load() {
			// There is no file.
		}

		@Override
		public void save() {
			// There is no file.
		}

		@Override
		public boolean isOutdated() {
			return false;
		}

	}

}
