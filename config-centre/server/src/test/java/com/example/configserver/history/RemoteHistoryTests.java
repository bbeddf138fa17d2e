package com.example.configserver.history;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import java.util.stream.Stream;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.transport.Daemon;
import org.eclipse.jgit.transport.DaemonClient;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

class RemoteHistoryTests {

	private final Path directory;

	private final Path remote;

	private final Git work;

	private final List<AutoCloseable> closeables = new ArrayList<>();

	RemoteHistoryTests(@TempDir Path directory) throws Exception {
		this.directory = directory;
		remote = directory.resolve("remote.git");
		closeables.add(Git.init().setBare(true).setInitialBranch("main").setDirectory(remote.toFile()).call());
		work = Git.cloneRepository()
			.setURI(remote.toString())
			.setBranch("main")
			.setDirectory(directory.resolve("work").toFile())
			.call();
		closeables.add(work);
		// The clone of an empty repository does not know its branch.
		work.getRepository().updateRef("HEAD").link("refs/heads/main");
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : closeables) {
			closeable.close();
		}
	}

	@Test
	void aCommitThatChangesTheConfigurationIsARevision() throws Exception {
		push("the code", "src/Main.java", "class Main {}");
		RevCommit first = push("the configuration", "config/application.yml", "a: 1");
		RemoteHistory history = open("main", "config");
		Revision revision = history.look();
		assertThat(revision.id()).isEqualTo(first.name().substring(0, 12));
		assertThat(revision.parent()).isNull();
		assertThat(revision.author()).isEqualTo("Ada");
		assertThat(revision.message()).isEqualTo("the configuration");
		assertThat(revision.time().getEpochSecond()).isEqualTo(first.getCommitTime());

		push("more code", "src/Main.java", "class Main { }");
		push("words", "config/README.md", "what this is");
		push("elsewhere", "application.yml", "a: 0");
		assertThat(history.look()).isEqualTo(revision);

		push("more configuration", "config/team/b.properties", "b=1");
		Revision second = history.look();
		assertThat(second.parent()).isEqualTo(revision.id());
		assertThat(second.message()).isEqualTo("more configuration");
		assertThat(contents(history, second)).containsExactly(entry("application.yml", "a: 1"),
				entry("team/b.properties", "b=1"));
		assertThat(history.revisions(10)).containsExactly(second, revision);
		assertThat(history.isAncestor(revision, second)).isTrue();
		assertThat(history.isAncestor(second, revision)).isFalse();
		assertThat(history.drift()).isEmpty();
	}

	@Test
	void thePacksOfManyFetchesBecomeOne() throws Exception {
		RemoteHistory history = open("main", "");
		try (BareRepository bare = new BareRepository(remote);
				ObjectInserter inserter = bare.git().newObjectInserter()) {
			Commits commits = new Commits(bare.git(), "");
			for (int i = 0; i <= 50; i++) {
				ObjectId newest = bare.ref("refs/heads/main");
				SortedMap<String, ObjectId> files = commits.list(newest);
				files.put("application.yml", inserter.insert(Constants.OBJ_BLOB, Constants.encode("a: " + i)));
				inserter.flush();
				ObjectId commit = commits.insert(newest, files, "Ada", "number " + i, Instant.EPOCH);
				assertThat(bare.setRef("refs/heads/main", newest, commit)).isTrue();
				history.look();
			}
		}
		assertThat(packs()).isGreaterThan(50);
		history.pack();
		assertThat(packs()).isLessThan(5);
		assertThat(history.revisions(100)).hasSize(51);
	}

	private long packs() throws IOException {
		try (Stream<Path> files = Files.list(directory.resolve("kept/objects/pack"))) {
			return files.filter((file) -> file.toString().endsWith(".pack")).count();
		}
	}

	@Test
	void aMergeIsOneRevisionOfTheBranchItIsMergedInto() throws Exception {
		push("first", "application.yml", "a: 1");
		work.checkout().setCreateBranch(true).setName("feature").call();
		push("on the feature", "b.yml", "b: 1");
		push("on the feature again", "b.yml", "b: 2");
		RevCommit feature = work.getRepository().parseCommit(work.getRepository().resolve("feature"));
		work.checkout().setName("main").call();
		push("on main", "application.yml", "a: 2");
		work.merge().include(feature).setMessage("merge the feature").call();
		push("main");
		RemoteHistory history = open("main", "");
		Revision head = history.look();
		assertThat(history.revisions(10)).extracting(Revision::message)
			.containsExactly("merge the feature", "on main", "first");
		assertThat(history.isAncestor(history.find(feature.name()).orElseThrow(), head)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HEAD" })
	void withoutANameTheBranchIsTheDefaultOfTheRepository(String branch) throws Exception {
		push("on main", "application.yml", "a: 1");
		work.checkout().setCreateBranch(true).setName("live").call();
		push("on live", "application.yml", "a: 2");
		try (Git bare = Git.open(remote.toFile())) {
			bare.getRepository().updateRef("HEAD").link("refs/heads/live");
		}
		RemoteHistory history = open(branch, "");
		Revision first = history.look();
		assertThat(first.message()).isEqualTo("on live");
		push("on live again", "application.yml", "a: 3");
		history.look();
		history.restore(first, "Bob", "back");
		assertThat(remoteContents("live")).containsEntry("application.yml", "a: 2");
		assertThat(remoteContents("main")).containsEntry("application.yml", "a: 1");
	}

	@Test
	void branchesTagsAndIdsAreFound() throws Exception {
		RevCommit commit = push("first", "application.yml", "a: 1");
		RevCommit other = push("code", "Main.java", "class Main {}");
		work.tag().setName("v1").setAnnotated(true).setMessage("release").call();
		work.push().setPushTags().call();
		work.checkout().setCreateBranch(true).setName("team/feature").call();
		push("on the feature", "application.yml", "a: 2");
		RemoteHistory history = open("main", "");
		Revision head = history.look();
		assertThat(history.find("main")).contains(head);
		assertThat(history.find("HEAD")).contains(head);
		assertThat(history.find("origin/main")).contains(head);
		assertThat(history.find("v1")).contains(head);
		assertThat(history.find(commit.name())).contains(head);
		assertThat(history.find(commit.name().substring(0, 4))).contains(head);
		assertThat(history.find(other.name())).contains(head);
		assertThat(history.find("team/feature").map(Revision::message)).contains("on the feature");
		assertThat(history.find("missing")).isEmpty();
		assertThat(history.find("../../../etc/passwd")).isEmpty();
		assertThat(history.find("")).isEmpty();

		work.checkout().setName("main").call();
		work.push().setRefSpecs(new RefSpec(":refs/heads/team/feature"), new RefSpec(":refs/tags/v1")).call();
		history.look();
		assertThat(history.find("team/feature")).isEmpty();
		assertThat(history.find("v1")).isEmpty();
	}

	@Test
	void aRemoteThatCannotBeReachedLeavesWhatWasFetchedAlsoAfterARestart() throws Exception {
		push("first", "application.yml", "a: 1");
		RemoteHistory history = open("main", "");
		Revision revision = history.look();
		Files.move(remote, directory.resolve("moved.git"));
		assertThatExceptionOfType(IOException.class).isThrownBy(history::look)
			.withMessageContaining(remote.toString())
			.withMessageContaining(revision.id());
		assertThat(history.head()).isEqualTo(revision);
		RemoteHistory restarted = open("main", "");
		assertThat(restarted.head()).isEqualTo(revision);
		assertThat(contents(restarted, revision)).containsEntry("application.yml", "a: 1");
		assertThatExceptionOfType(IOException.class).isThrownBy(restarted::look);
		Files.move(directory.resolve("moved.git"), remote);
		assertThat(restarted.look()).isEqualTo(revision);
	}

	@Test
	void withoutALookNoRevisionIsKnown() throws Exception {
		RemoteHistory history = open("main", "");
		assertThatIllegalStateException().isThrownBy(history::head);
		assertThatExceptionOfType(IOException.class).isThrownBy(history::look)
			.withMessageContaining("no commit on branch main");
	}

	@Test
	void aBranchThatDoesNotExistIsNamedWithThoseThatDo() throws Exception {
		push("first", "application.yml", "a: 1");
		RemoteHistory history = open("mian", "");
		assertThatExceptionOfType(IOException.class).isThrownBy(history::look)
			.withMessageContaining("mian")
			.withMessageContaining("[main]");
		assertThatIllegalArgumentException().isThrownBy(() -> open("a..b", "")).withMessageContaining("a..b");
	}

	@Test
	void aFolderWithoutConfigurationIsNamed() throws Exception {
		push("first", "application.yml", "a: 1");
		RemoteHistory history = open("main", "confg");
		assertThatExceptionOfType(IOException.class).isThrownBy(history::look)
			.withMessageContaining("confg")
			.withMessageContaining("application.yml");
		assertThatIllegalArgumentException().isThrownBy(() -> open("main", "../config"))
			.withMessageContaining("../config");
	}

	@Test
	void slashesAroundTheFolderDoNotMatter() throws Exception {
		push("first", "config/live/application.yml", "a: 1");
		RemoteHistory history = open("main", "./config/live/");
		assertThat(contents(history, history.look())).containsOnlyKeys("application.yml");
	}

	@Test
	void aBranchThatIsMovedByForceIsFollowedAndItsOldHeadStaysKnown() throws Exception {
		push("first", "application.yml", "a: 1");
		push("second", "application.yml", "a: 2");
		RemoteHistory history = open("main", "");
		Revision lost = history.look();
		work.reset().setMode(ResetType.HARD).setRef("HEAD~1").call();
		push("another second", "application.yml", "a: 3");
		Revision head = history.look();
		assertThat(head.message()).isEqualTo("another second");
		assertThat(history.find(lost.id())).contains(lost);
		assertThat(contents(history, lost)).containsEntry("application.yml", "a: 2");
		assertThat(history.isAncestor(lost, head)).isFalse();
		Revision restored = history.restore(lost, "Bob", "the second was right");
		assertThat(restored.parent()).isEqualTo(head.id());
		assertThat(remoteContents("main")).containsEntry("application.yml", "a: 2");
	}

	@Test
	void restoringIsACommitOnTopThatChangesNothingElse() throws Exception {
		push("first", "config/application.yml", "a: 1");
		Revision first = open("main", "config").look();
		push("code", "src/application.yml", "class Main {}");
		push("words", "config/README.md", "what this is");
		push("second", "config/b.yml", "b: 1");
		RevCommit last = push("third", "config/application.yml", "a: 2");
		RemoteHistory history = open("main", "config");
		history.look();
		Revision restored = history.restore(first, "Bob", "back to the first");
		assertThat(restored.author()).isEqualTo("Bob");
		assertThat(restored.message()).isEqualTo("back to the first");
		assertThat(history.head()).isEqualTo(restored);
		assertThat(history.look()).isEqualTo(restored);
		assertThat(history.revisions(10)).hasSize(4);
		assertThat(remoteContents("main")).containsExactly(entry("config/README.md", "what this is"),
				entry("config/application.yml", "a: 1"), entry("src/application.yml", "class Main {}"));
		RevCommit commit = pull();
		assertThat(commit.getParent(0)).isEqualTo(last);
		assertThat(commit.getCommitterIdent().getName()).isEqualTo("config-server");
		assertThat(history.restore(first, "Bob", "again")).isEqualTo(restored);
	}

	@Test
	void whenOthersPushAtTheSameTimeRestoringIsTriedAgain() throws Exception {
		push("first", "application.yml", "a: 1");
		Revision first = open("main", "").look();
		push("second", "application.yml", "a: 2");
		try (GitServer server = new GitServer((receive, commands) -> {
			try {
				if (remoteCommit("main").getFullMessage().equals("second")) {
					push("meanwhile", "b.yml", "b: 1");
				}
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
		})) {
			RemoteHistory history = openAt(server.uri(), "main");
			Revision restored = history.restore(first, "Bob", "back");
			assertThat(history.revisions(10)).extracting(Revision::message)
				.containsExactly("back", "meanwhile", "second", "first");
			assertThat(contents(history, restored)).containsOnlyKeys("application.yml");
		}
	}

	@Test
	void aRemoteThatTakesNoPushSaysWhatToDoThere() throws Exception {
		push("first", "application.yml", "a: 1");
		Revision first = open("main", "").look();
		push("second", "application.yml", "a: 2");
		try (GitServer server = new GitServer(null)) {
			RemoteHistory history = openAt(server.uri(), "main");
			Revision head = history.look();
			assertRefused(history, first, head);
		}
	}

	@Test
	void aRemoteThatRefusesAPushSaysWhy() throws Exception {
		push("first", "application.yml", "a: 1");
		Revision first = open("main", "").look();
		push("second", "application.yml", "a: 2");
		try (GitServer server = new GitServer((receive, commands) -> commands
			.forEach((command) -> command.setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "ask the owners")))) {
			RemoteHistory history = openAt(server.uri(), "main");
			Revision head = history.look();
			assertThat(assertRefused(history, first, head)).contains("ask the owners");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "refs/remotes/origin/main.lock", "refs/platform/newest.lock", "packed-refs.lock" })
	void aLockThatAKilledServerHasLeftBehindDoesNotMatter(String lock) throws Exception {
		push("first", "application.yml", "a: 1");
		RemoteHistory history = open("main", "");
		Revision first = history.look();
		Files.createFile(directory.resolve("kept").resolve(lock));
		push("second", "application.yml", "a: 2");
		assertThat(history.look().parent()).isEqualTo(first.id());
		history.close();
		assertThat(open("main", "").head().parent()).isEqualTo(first.id());
	}

	@Test
	void aCheckedOutRepositoryIsReadButNeverWritten() throws Exception {
		push("first", "config/application.yml", "a: 1");
		Revision first = open("main", "config").look();
		push("second", "config/application.yml", "a: 2");
		for (Path checkedOut : List.of(work.getRepository().getWorkTree().toPath(),
				work.getRepository().getDirectory().toPath())) {
			RemoteHistory history = open(checkedOut.toString(), "", "config", null, null);
			Revision head = history.look();
			assertThat(assertRefused(history, first, head)).contains("main is checked out there");
		}
		work.branchCreate().setName("live").call();
		RemoteHistory history = open(work.getRepository().getWorkTree().toString(), "live", "config", null, null);
		history.restore(first, "Bob", "back");
		assertThat(history.look().message()).isEqualTo("back");
	}

	@Test
	void aBranchThatIsCheckedOutInAWorktreeIsNeverWritten() throws Exception {
		push("first", "application.yml", "a: 1");
		Revision first = open("main", "").look();
		push("second", "application.yml", "a: 2");
		Path worktree = Files.createDirectories(remote.resolve("worktrees/other"));
		Files.writeString(worktree.resolve("HEAD"), "ref: refs/heads/main\n");
		RemoteHistory history = open("main", "");
		Revision head = history.look();
		assertThat(assertRefused(history, first, head)).contains("checked out");
	}

	@Test
	void ofAShallowCloneTheHistoryBeginsWhereItBegins() throws Exception {
		push("first", "application.yml", "a: 1");
		push("second", "application.yml", "a: 2");
		Path clone = directory.resolve("shallow");
		closeables.add(Git.cloneRepository()
			.setURI(remote.toUri().toString())
			.setDepth(1)
			.setDirectory(clone.toFile())
			.call());
		RemoteHistory history = openAt(clone.toString(), "main");
		Revision revision = history.look();
		assertThat(revision.message()).isEqualTo("second");
		assertThat(history.revisions(10)).containsExactly(revision);
	}

	@Test
	void serversMayShareWhatIsFetched() throws Exception {
		push("first", "application.yml", "a: 1");
		RemoteHistory one = open("main", "");
		RemoteHistory other = open("main", "");
		assertThat(one.look()).isEqualTo(other.look());
		push("second", "application.yml", "a: 2");
		Revision second = one.look();
		assertThat(other.look()).isEqualTo(second);
		Revision restored = other.restore(other.revisions(2).get(1), "Bob", "back");
		assertThat(one.look()).isEqualTo(restored);
	}

	@Test
	void linksAreNoConfiguration() throws Exception {
		Files.createSymbolicLink(work.getRepository().getWorkTree().toPath().resolve("b.yml"),
				Path.of("application.yml"));
		push("first", "application.yml", "a: 1");
		RemoteHistory history = open("main", "");
		assertThat(contents(history, history.look())).containsOnlyKeys("application.yml");
	}

	@Test
	void credentialsAreSentButNeverShown() throws Exception {
		String secret = UUID.randomUUID().toString();
		List<String> received = new CopyOnWriteArrayList<>();
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			String authorization = exchange.getRequestHeaders().getFirst("Authorization");
			if (authorization != null) {
				received.add(new String(Base64.getDecoder().decode(authorization.substring("Basic ".length())),
						StandardCharsets.UTF_8));
			}
			exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"config\"");
			exchange.sendResponseHeaders(401, -1);
			exchange.close();
		});
		server.start();
		closeables.add(() -> server.stop(0));
		String host = "127.0.0.1:" + server.getAddress().getPort() + "/config.git";
		assertHidden(secret, openAt("http://ada:" + secret + "@" + host, "main"));
		assertHidden(secret, openAt("http://" + secret + "@" + host, "main"));
		assertHidden(secret, open("http://" + host, "main", "", "bob", secret));
		assertThat(received).contains("ada:" + secret, secret + ":", "bob:" + secret);
	}

	@Test
	void credentialsAreNotShownWhenNobodyAnswers() throws Exception {
		String secret = UUID.randomUUID().toString();
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		for (String scheme : List.of("http", "https", "ssh", "git")) {
			assertHidden(secret, openAt(scheme + "://ada:" + secret + "@127.0.0.1:" + port + "/config.git", "main"));
		}
	}

	@Test
	void waitingEndsByAHintOrByItself() throws Exception {
		RemoteHistory history = open("main", "");
		history.hint();
		history.await(Duration.ofDays(1));
		history.await(Duration.ofMillis(1));
	}

	private static void assertHidden(String secret, RemoteHistory history) {
		assertThatExceptionOfType(IOException.class).isThrownBy(history::look)
			.satisfies((failure) -> assertThat(failure).asString().contains("127.0.0.1"))
			.satisfies((failure) -> {
				for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
					assertThat(cause.toString()).doesNotContain(secret);
				}
			});
	}

	private static String assertRefused(RemoteHistory history, Revision earlier, Revision head) throws IOException {
		List<String> messages = new ArrayList<>();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> history.restore(earlier, "Bob", "back"))
			.withMessageContaining("git revert")
			.satisfies((failure) -> messages.add(String.valueOf(failure.getMessage())));
		assertThat(history.head()).isEqualTo(head);
		assertThat(history.look()).isEqualTo(head);
		return messages.get(0);
	}

	private RemoteHistory open(String branch, String path) throws IOException {
		return open(remote.toString(), branch, path, null, null);
	}

	private RemoteHistory openAt(String uri, String branch) throws IOException {
		return open(uri, branch, "", null, null);
	}

	private RemoteHistory open(String uri, String branch, String path, @Nullable String username,
			@Nullable String password) throws IOException {
		RemoteHistory history = new RemoteHistory(uri, branch, path, directory.resolve("kept"), Clock.systemUTC(),
				username, password);
		closeables.add(0, history);
		return history;
	}

	private RevCommit push(String message, String file, String content) throws Exception {
		Path path = work.getRepository().getWorkTree().toPath().resolve(file);
		Files.createDirectories(path.resolveSibling(""));
		Files.writeString(path, content);
		work.add().addFilepattern(".").call();
		RevCommit commit = work.commit().setMessage(message).setAuthor("Ada", "ada@example.org").call();
		push(String.valueOf(work.getRepository().getBranch()));
		return commit;
	}

	private void push(String branch) throws GitAPIException {
		work.push().setForce(true).setRefSpecs(new RefSpec(branch + ":" + branch)).call();
	}

	private RevCommit pull() throws Exception {
		work.pull().call();
		return remoteCommit("main");
	}

	private RevCommit remoteCommit(String branch) throws IOException {
		try (Git git = Git.open(remote.toFile())) {
			return git.getRepository().parseCommit(git.getRepository().resolve("refs/heads/" + branch));
		}
	}

	private SortedMap<String, String> remoteContents(String branch) throws IOException {
		SortedMap<String, String> contents = new TreeMap<>();
		try (Git git = Git.open(remote.toFile()); TreeWalk walk = new TreeWalk(git.getRepository())) {
			walk.addTree(remoteCommit(branch).getTree());
			walk.setRecursive(true);
			while (walk.next()) {
				contents.put(walk.getPathString(),
						new String(git.getRepository().open(walk.getObjectId(0)).getBytes(), StandardCharsets.UTF_8));
			}
		}
		return contents;
	}

	private static SortedMap<String, String> contents(History history, Revision revision) {
		SortedMap<String, String> contents = new TreeMap<>();
		history.files(revision)
			.forEach((name, content) -> contents.put(name, new String(content, StandardCharsets.UTF_8)));
		return contents;
	}

	/**
	 * Serves the remote by git's own protocol, so that a push can be refused.
	 */
	private final class GitServer implements AutoCloseable {

		private final Daemon daemon = new Daemon(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

		private GitServer(@Nullable PreReceiveHook hook) throws IOException {
			daemon.setRepositoryResolver((DaemonClient client, String name) -> {
				try {
					return Git.open(remote.toFile()).getRepository();
				}
				catch (IOException ex) {
					throw new RepositoryNotFoundException(name, ex);
				}
			});
			daemon.getService("git-receive-pack").setEnabled(hook != null);
			daemon.setReceivePackFactory((client, repository) -> {
				ReceivePack receive = new ReceivePack(repository);
				receive.setPreReceiveHook(hook);
				return receive;
			});
			daemon.start();
		}

		private String uri() {
			return "git://127.0.0.1:" + daemon.getAddress().getPort() + "/remote.git";
		}

		@Override
		public void close() throws InterruptedException {
			daemon.stopAndWait();
		}

	}

}
