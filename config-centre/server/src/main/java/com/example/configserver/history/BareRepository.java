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
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * A bare git repository of our own. Several servers may share it: its refs are changed
 * under a lock that ends with the process, however that ends. Git's own locks are files,
 * which a server that is killed leaves behind; who holds this one may delete them.
 */
final class BareRepository implements AutoCloseable {

	private static final Log log = LogFactory.getLog(BareRepository.class);

	private static final Lock THREADS = new ReentrantLock();

	private static final String LOCK = "platform.lock";

	private static final int MOST_LOOSE_OBJECTS = 1000;

	// Each fetch brings one.
	private static final int MOST_PACKS = 50;

	static {
		SystemReader.setInstance(new IsolatedSystemReader(SystemReader.getInstance()));
		// Of what is larger the beginning is read, and the rest is not to take memory.
		WindowCacheConfig cache = new WindowCacheConfig();
		cache.setStreamFileThreshold(2 * History.LARGEST_FILE);
		cache.install();
	}

	private final Path directory;

	private final Repository git;

	/**
	 * Opens a repository, and creates it first if there is none. Only its owner may read
	 * it, since configuration holds secrets.
	 * @throws IOException if the folder holds something else, or cannot be written
	 */
	BareRepository(Path directory) throws IOException {
		this.directory = directory.toAbsolutePath().normalize();
		if (!Files.isDirectory(this.directory)) {
			Files.createDirectories(this.directory.resolveSibling(""));
			Files.createDirectories(this.directory, ownerOnly(this.directory));
		}
		if (!Files.exists(this.directory.resolve(LOCK)) && !exists() && !isEmpty()) {
			throw new IOException(this.directory + " holds something else than a history of the configuration. Name"
					+ " an empty folder for it, or one that does not exist.");
		}
		this.git = alone(() -> {
			boolean exists = exists();
			Repository repository = new FileRepositoryBuilder().setGitDir(this.directory.toFile()).setBare().build();
			if (!exists) {
				repository.create(true);
			}
			return packed(repository);
		});
	}

	private boolean exists() {
		return FileKey.isGitRepository(directory.toFile(), FS.DETECTED);
	}

	private boolean isEmpty() throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			// A volume of its own comes with lost+found.
			return files.allMatch((file) -> file.endsWith("lost+found"));
		}
	}

	private static FileAttribute<?>[] ownerOnly(Path directory) {
		return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) }
				: new FileAttribute<?>[0];
	}

	Repository git() {
		return git;
	}

	/**
	 * Reads a ref.
	 * @return what it refers to; zero if there is none
	 */
	ObjectId ref(String name) throws IOException {
		Ref ref = git.exactRef(name);
		ObjectId target = (ref != null) ? ref.getObjectId() : null;
		return (target != null) ? target : ObjectId.zeroId();
	}

	/**
	 * Sets a ref unless somebody else does at the same time.
	 * @param expected what it refers to now; zero if there is none
	 * @return whether it was so and is set
	 */
	boolean setRef(String name, ObjectId expected, ObjectId next) throws IOException {
		RefUpdate update = git.updateRef(name);
		update.setExpectedOldObjectId(expected);
		update.setNewObjectId(next);
		update.setForceUpdate(true);
		update.disableRefLog();
		RefUpdate.Result result = alone(update::update);
		return switch (result) {
			case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> true;
			case LOCK_FAILURE -> false;
			default -> throw new IOException("The history in " + directory + " cannot be written: " + result);
		};
	}

	/**
	 * Does something that changes refs, while nobody else does.
	 */
	<T> T alone(Change<T> change) throws IOException {
		// The operating system's lock is the whole process's, so its threads need another
		// one.
		THREADS.lock();
		try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
			deleteLocksLeftBehind();
			return change.make();
		}
		finally {
			THREADS.unlock();
		}
	}

	private void deleteLocksLeftBehind() throws IOException {
		Files.deleteIfExists(directory.resolve("packed-refs.lock"));
		if (Files.exists(directory.resolve("refs"))) {
			try (Stream<Path> refs = Files.walk(directory.resolve("refs"))) {
				for (Path left : refs.filter((file) -> file.toString().endsWith(".lock")).toList()) {
					Files.deleteIfExists(left);
				}
			}
		}
	}

	/**
	 * Brings the files together when they have become many: each revision adds some.
	 * Nothing is lost by it, also not what no branch leads to any more.
	 */
	void pack() throws IOException {
		alone(() -> packed(git));
	}

	private static Repository packed(Repository git) {
		GarbageCollectCommand collect = Git.wrap(git).gc().setExpire(Instant.EPOCH);
		try {
			Properties statistics = collect.getStatistics();
			if (isMore(statistics.get("numberOfLooseObjects"), MOST_LOOSE_OBJECTS)
					|| isMore(statistics.get("numberOfPackFiles"), MOST_PACKS)) {
				collect.call();
			}
		}
		catch (GitAPIException | JGitInternalException ex) {
			log.warn("The history in " + git.getDirectory() + " cannot be packed, and keeps many files", ex);
		}
		return git;
	}

	private static boolean isMore(@Nullable Object count, int bound) {
		return count instanceof Long number && number > bound;
	}

	@Override
	public void close() {
		git.close();
	}

	@Override
	public String toString() {
		return directory.toString();
	}

	/**
	 * Something that is done while nobody else does.
	 */
	interface Change<T> {

		T make() throws IOException;

	}

}
