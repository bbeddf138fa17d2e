package com.example.configserver.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectDatabase;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The history of a folder in a git repository elsewhere: each commit of one branch that
 * changes a configuration file there is a revision, the first parents of merges being the
 * line.
 *
 * <p>
 * What was fetched is kept in a repository of our own, so that a server can start while
 * the other one cannot be reached. A branch that was moved by force is followed, and what
 * was its head stays known.
 */
public final class RemoteHistory extends CommitHistory {

	// Refers to the commit that was the branch's newest one at the last successful look.
	private static final String NEWEST = "refs/platform/newest";

	private static final String BRANCHES = "refs/heads/";

	private static final String REMOTE_BRANCHES = "refs/remotes/origin/";

	private static final String HEAD = "HEAD";

	private static final Duration SILENCE = Duration.ofSeconds(30);

	private static final int ATTEMPTS = 5;

	private final Remote remote;

	// What the remote calls it: HEAD, or a full name.
	private final String source;

	private final String folder;

	private final Clock clock;

	private final List<RefSpec> wanted;

	// Guarded by this; what the remote had at the last successful look.
	private Set<String> advertised = Set.of();

	/**
	 * Opens the history without asking the other repository for anything.
	 * @param uri where the repository is: {@code https}, {@code http}, {@code ssh},
	 * {@code git}, {@code file}, or a path on this machine. Credentials in it are used as
	 * if they were given apart, and never shown.
	 * @param branch the branch; empty or {@code HEAD} for the one that is the
	 * repository's own default
	 * @param path the folder in it that holds the configuration; empty for the root
	 * @param repository a folder for what is fetched, kept between runs
	 * @param clock tells when a revision was restored
	 * @param username for {@code https} and {@code ssh}; {@code null} for that in the uri
	 * @param password password or token; {@code null} for that in the uri
	 * @throws IllegalArgumentException if the uri, the branch or the path cannot be one
	 * @throws IOException if what was fetched cannot be kept there
	 */
	public RemoteHistory(String uri, String branch, String path, Path repository, Clock clock,
			@Nullable String username, @Nullable String password) throws IOException {
		this(Remote.of(uri, username, password, SILENCE), source(branch), folder(path), repository, clock);
	}

	private RemoteHistory(Remote remote, String source, String folder, Path repository, Clock clock)
			throws IOException {
		super(repository, folder, NEWEST);
		this.remote = remote;
		this.source = source;
		this.folder = folder.isEmpty() ? "its root" : folder;
		this.wanted = wanted(source);
		this.clock = clock;
	}

	private static String source(String branch) {
		if (branch.isBlank() || branch.equals(HEAD)) {
			return HEAD;
		}
		if (!Repository.isValidRefName(BRANCHES + branch)) {
			throw new IllegalArgumentException("'" + branch + "' cannot be the name of a branch");
		}
		return BRANCHES + branch;
	}

	private static String folder(String path) {
		String folder = path.strip().replaceAll("^(\\./|/)+|/+$|^\\.$", "");
		if (Stream.of(folder.split("/")).anyMatch((part) -> part.equals("..") || part.equals("."))) {
			throw new IllegalArgumentException("'" + path + "' must name a folder inside of the repository");
		}
		return folder;
	}

	private static List<RefSpec> wanted(String source) {
		RefSpec branches = new RefSpec("+" + BRANCHES + "*:" + REMOTE_BRANCHES + "*");
		RefSpec tags = new RefSpec("+refs/tags/*:refs/tags/*");
		return source.equals(HEAD) ? List.of(branches, tags, new RefSpec("+HEAD:refs/platform/head"))
				: List.of(branches, tags);
	}

	@Override
	public synchronized Revision look() throws IOException {
		fetch();
		return head();
	}

	@Override
	public Optional<Revision> find(String name) {
		return reading(() -> {
			for (String prefix : List.of("refs/tags/", REMOTE_BRANCHES, "refs/remotes/")) {
				ObjectId target = Repository.isValidRefName(prefix + name) ? repository.ref(prefix + name)
						: ObjectId.zeroId();
				if (!target.equals(ObjectId.zeroId())) {
					try (RevWalk walk = new RevWalk(repository.git())) {
						if (walk.peel(walk.parseAny(target)) instanceof RevCommit commit) {
							return revisionAt(commit);
						}
					}
				}
			}
			return name.equals(HEAD) ? knownHead() : super.find(name);
		});
	}

	@Override
	public synchronized Revision restore(Revision earlier, String author, String message) throws IOException {
		SortedMap<String, ObjectId> files = commits.list(commitOf(earlier));
		ObjectId tried = ObjectId.zeroId();
		String refusal = "others push all the time";
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			Branch branch = fetch();
			ObjectId newest = branch.newest();
			// So it is too after a push whose answer was lost.
			if (commits.list(newest).equals(files)) {
				return head();
			}
			if (newest.equals(tried)) {
				break;
			}
			tried = newest;
			ObjectId commit = commits.insert(newest, files, author, message, clock.instant());
			refusal = push(target(branch.name(), earlier), newest, commit);
			if (refusal.isEmpty()) {
				follow(commit);
				return head();
			}
		}
		throw refused(earlier, refusal);
	}

	private String target(String name, Revision earlier) throws IOException {
		if (name.equals(HEAD)) {
			throw refused(earlier, "its HEAD is no branch");
		}
		Optional<String> refusal = remote.refusal(name);
		if (refusal.isPresent()) {
			throw refused(earlier, refusal.get());
		}
		return name;
	}

	/**
	 * Pushes a commit.
	 * @return why it was refused; empty if it was not
	 */
	private String push(String branch, ObjectId expected, ObjectId commit) throws IOException {
		try (Transport transport = remote.open(repository.git())) {
			RemoteRefUpdate update = new RemoteRefUpdate(repository.git(), commit.name(), commit, branch, false, null,
					expected);
			transport.push(NullProgressMonitor.INSTANCE, List.of(update));
			return switch (update.getStatus()) {
				case OK, UP_TO_DATE -> "";
				default -> update.getStatus() + ((update.getMessage() != null) ? ": " + update.getMessage() : "");
			};
		}
		catch (NotSupportedException | TransportException | UnsupportedCredentialItem ex) {
			return Remote.reason(ex);
		}
	}

	private IOException refused(Revision earlier, String reason) {
		return new RepositoryRefusesException(
				"The configuration repository " + remote + " takes no changes from here (" + reason + "). "
						+ remainder() + "Undo there what came after revision " + earlier.id() + ", with git revert.");
	}

	private Branch fetch() throws IOException {
		try (Transport transport = remote.open(repository.git())) {
			Map<String, Ref> refs;
			try (FetchConnection connection = transport.openFetch(wanted)) {
				refs = connection.getRefsMap();
			}
			Branch branch = branch(refs);
			if (!state(refs).equals(advertised)) {
				beginWhereRemoteBegins();
				transport.setTagOpt(TagOpt.NO_TAGS);
				transport.setRemoveDeletedRefs(true);
				refs = repository.alone(() -> transport.fetch(NullProgressMonitor.INSTANCE, wanted))
					.getAdvertisedRefs()
					.stream()
					.collect(Collectors.toMap(Ref::getName, Function.identity()));
				branch = branch(refs);
				if (follow(branch.newest())) {
					advertised = state(refs);
				}
			}
			return branch;
		}
		catch (NotSupportedException | TransportException | UnsupportedCredentialItem ex) {
			throw new IOException("The configuration repository " + remote + " cannot be fetched (" + Remote.reason(ex)
					+ "). " + remainder() + "Is the address right, can this machine reach it,"
					+ " and may these credentials read it?", ex);
		}
	}

	// History before that is not missing, it is not there.
	private void beginWhereRemoteBegins() throws IOException {
		ObjectDatabase objects = repository.git().getObjectDatabase();
		Set<ObjectId> firstCommits = new HashSet<>(objects.getShallowCommits());
		if (firstCommits.addAll(remote.shallowCommits())) {
			objects.setShallowCommits(firstCommits);
		}
	}

	private Branch branch(Map<String, Ref> refs) throws IOException {
		Ref branch = refs.get(source);
		ObjectId newest = (branch != null) ? branch.getObjectId() : null;
		if (branch == null || newest == null) {
			List<String> branches = refs.keySet()
				.stream()
				.filter((name) -> name.startsWith(BRANCHES))
				.map(Repository::shortenRefName)
				.sorted()
				.toList();
			throw new IOException("The configuration repository " + remote + " has no commit on branch "
					+ Repository.shortenRefName(source) + ". " + remainder() + "Name one of " + branches + ".");
		}
		return new Branch(branch.getLeaf().getName(), newest);
	}

	/**
	 * Makes a commit the newest one.
	 * @return whether that is kept
	 */
	private boolean follow(ObjectId newest) throws IOException {
		Revision revision = revisionAt(newest)
			.orElseThrow(() -> new IOException("The configuration repository " + remote + " has never had a"
					+ " configuration file in " + folder + " on branch " + Repository.shortenRefName(source) + ". "
					+ remainder() + "Name the folder that holds application.yml."));
		setHead(revision);
		return setNewestCommit(newestCommit(), newest);
	}

	private static Set<String> state(Map<String, Ref> refs) {
		return refs.values().stream().map((ref) -> ref.getName() + " " + ref.getObjectId()).collect(Collectors.toSet());
	}

	// Does not wait for a fetch that hangs.
	@Override
	public void close() {
		repository.close();
	}

	/**
	 * The branch as the remote has it.
	 *
	 * @param name its full name; {@code HEAD} if it is none
	 * @param newest its newest commit
	 */
	private record Branch(String name, ObjectId newest) {
	}

}
