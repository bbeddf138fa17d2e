package com.example.configserver;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.example.launcher.configserver.ConfigServer;
import com.example.platform.configprotocol.api.Overview.Event;
import com.example.platform.configprotocol.api.Revision;
import com.example.platform.test.TestServers;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand.ResetType;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.transport.RefSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static com.example.configserver.Centre.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class GitCentreIntegrationTests {

	private final Centre centre;

	private final Path root;

	private final Path remote;

	private final Git work;

	private final int secondPort = TestServers.freePort();

	GitCentreIntegrationTests(@TempDir Path root) throws GitAPIException {
		this.root = root;
		this.centre = Centre.in(root);
		this.remote = root.resolve("remote.git");
		Git.init().setBare(true).setInitialBranch("main").setDirectory(remote.toFile()).call().close();
		this.work = Git.cloneRepository()
			.setURI(remote.toUri().toString())
			.setDirectory(root.resolve("work").toFile())
			.call();
	}

	@BeforeEach
	void commit() throws Exception {
		push("main", "Say hello", "hello");
	}

	@AfterEach
	void close() {
		centre.close();
		work.close();
	}

	@Test
	void aCommitIsARevisionWithItsAuthorAndReason() throws Exception {
		startServer("first", centre.address().getPort());
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		push("main", "Say it in another way", "good day");
		await().until(() -> greeting(deli).text().equals("good day"));
		Revision newest = centre.api().history(1).revisions().get(0);
		assertThat(newest.message()).isEqualTo("Say it in another way");
		assertThat(newest.author()).contains("Ada");
		assertThat(newest.state()).isEqualTo("CURRENT");
	}

	@Test
	void aWebhookMakesTheServerLookAtOnce() throws Exception {
		startServer("first", centre.address().getPort(), "1h");
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		push("main", "Say it in another way", "good day");
		centre.http().post().uri("/config/webhook").retrieve().toBodilessEntity();
		await().until(() -> greeting(deli).text().equals("good day"));
	}

	@Test
	void aRollbackIsPushed() throws Exception {
		startServer("first", centre.address().getPort());
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		push("main", "A mistake", "oops");
		await().until(() -> greeting(deli).text().equals("oops"));
		centre.api().rollBack(null, "Grace", "It was a mistake");
		await().until(() -> greeting(deli).text().equals("hello"));
		work.pull().call();
		assertThat(Files.readString(root.resolve("work/config/deli.yml"))).contains("hello");
		assertThat(work.log().setMaxCount(1).call().iterator().next().getFullMessage().strip())
			.isEqualTo("It was a mistake");
	}

	@Test
	void aBranchCanBeTriedAsAGrayRelease() throws Exception {
		startServer("first", centre.address().getPort());
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		tryOnTheSecondOf(shops);
		assertThat(greeting(shops.get(0)).text()).isEqualTo("hello");
		centre.api().promote("Ada", "It is good");
		await().until(() -> greeting(shops.get(0)).text().equals("tried"));
	}

	@Test
	void aBranchThatTheLineHasOvertakenIsNotPromoted() throws Exception {
		startServer("first", centre.address().getPort());
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		tryOnTheSecondOf(shops);
		work.checkout().setName("main").call();
		push("main", "Meanwhile", "moved on");
		await().until(() -> greeting(shops.get(0)).text().equals("moved on"));
		assertThat(greeting(shops.get(1)).text()).isEqualTo("tried");
		assertThatThrownBy(() -> centre.api().promote("Ada", null)).hasMessageContaining("The line has moved on");
		assertThat(greeting(shops.get(0)).text()).isEqualTo("moved on");
		centre.api().abandon("Ada", null);
		await().until(() -> greeting(shops.get(1)).text().equals("moved on"));
	}

	@Test
	void aPromotionThatCannotBeStoredChangesNothing() throws Exception {
		work.checkout().setCreateBranch(true).setName("try").call();
		push("try", "Try it", "tried");
		work.checkout().setName("main").call();
		// Of a repository that somebody works in, no branch is moved under their feet.
		startServer("first", centre.address().getPort(), "200ms", root.resolve("work").toString());
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		centre.api().startGray("try", null, Map.of("instance", "deli-2"), "Ada", null);
		await().until(() -> greeting(shops.get(1)).text().equals("tried"));
		assertThatThrownBy(() -> centre.api().promote("Ada", null)).hasMessageContaining("checked out");
		assertThat(Objects.requireNonNull(centre.api().overview().gray()).instances()).containsExactly("deli-2");
		assertThat(centre.api().overview().events()).extracting(Event::kind).doesNotContain("promoted");
		work.merge().include(work.getRepository().findRef("try")).call();
		await().until(() -> greeting(shops.get(0)).text().equals("tried"));
		centre.api().promote("Ada", "it is on the line");
		assertThat(centre.api().overview().gray()).isNull();
		assertThat(greeting(shops.get(1)).text()).isEqualTo("tried");
	}

	@Test
	void endingAnOldGrayRevisionUndoesNothingElse() throws Exception {
		push("main", "The next", "next");
		startServer("first", centre.address().getPort());
		List<ConfigurableApplicationContext> shops = centre.startTwo("deli");
		String old = centre.api().history(2).revisions().get(1).id();
		centre.api().startGray(old, null, Map.of("instance", "deli-2"), "Ada", null);
		await().until(() -> greeting(shops.get(1)).text().equals("hello"));
		Files.writeString(root.resolve("work/config/deli.yml"), "greeting: [\n");
		work.commit().setAll(true).setMessage("Not finished").setAuthor("Ada", "ada@example.org").call();
		work.push().setRefSpecs(new RefSpec("HEAD:refs/heads/main")).call();
		await().until(() -> centre.api().history(1).revisions().get(0).state().equals("REFUSED"));
		centre.api().abandon("Ada", null);
		await().until(() -> greeting(shops.get(1)).text().equals("next"));
		assertThat(centre.api().history(1).revisions().get(0).message()).isEqualTo("Not finished");
	}

	@Test
	void aHistoryThatWasLostBeginsAnewWithWhatIsGood() throws Exception {
		ConfigurableApplicationContext first = startServer("first", centre.address().getPort());
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		first.close();
		// Another repository, which knows nothing of what is released.
		work.checkout().setOrphan(true).setName("other").call();
		push("other", "Another beginning", "begun anew");
		work.push().setForce(true).setRefSpecs(new RefSpec("+other:refs/heads/main")).call();
		Files.writeString(root.resolve("work/config/deli.yml"), "greeting: [\n");
		work.commit().setAll(true).setMessage("Not finished").setAuthor("Ada", "ada@example.org").call();
		work.push().setRefSpecs(new RefSpec("HEAD:refs/heads/main")).call();
		startServer("second", centre.address().getPort());
		await().until(() -> greeting(deli).text().equals("begun anew"));
		assertThat(centre.api().history(2).revisions()).extracting(Revision::state)
			.containsExactly("REFUSED", "CURRENT");
	}

	@Test
	void aBranchThatIsMovedBackByForceIsFollowed() throws Exception {
		startServer("first", centre.address().getPort());
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		push("main", "A mistake", "oops");
		await().until(() -> greeting(deli).text().equals("oops"));
		work.reset().setMode(ResetType.HARD).setRef("HEAD~1").call();
		work.push().setForce(true).setRefSpecs(new RefSpec("HEAD:refs/heads/main")).call();
		await().until(() -> greeting(deli).text().equals("hello"));
	}

	@Test
	void ofSeveralCommitsThatArriveTogetherTheLastOneCounts() throws Exception {
		startServer("first", centre.address().getPort(), "1h");
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		push("main", "Half done", "half");
		push("main", "Done", "done");
		centre.http().post().uri("/config/webhook").retrieve().toBodilessEntity();
		await().until(() -> greeting(deli).text().equals("done"));
		assertThat(centre.api().history(3).revisions()).extracting(Revision::state)
			.containsExactly("CURRENT", "UNKNOWN", "RELEASED");
		centre.api().rollBack(null, "Ada", null);
		await().until(() -> greeting(deli).text().equals("hello"));
	}

	@Test
	void oneOfTwoServersIsEnough() throws Exception {
		ConfigurableApplicationContext first = startServer("first", centre.address().getPort());
		startServer("second", secondPort);
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		push("main", "Both see it", "both");
		await().until(() -> greeting(deli).text().equals("both"));
		first.close();
		push("main", "One sees it", "one");
		await().until(() -> greeting(deli).text().equals("one"));
		ConfigurableApplicationContext late = centre.startClient("deli", 2);
		assertThat(greeting(late).text()).isEqualTo("one");
		ConfigServer second = new ConfigServer(URI.create("http://127.0.0.1:" + secondPort), null);
		assertThat(second.history(1).revisions().get(0).state()).isEqualTo("CURRENT");
		assertThat(second.overview().events().stream().filter((event) -> event.kind().equals("released")).toList())
			.as("each revision is released once")
			.hasSize(3);
	}

	@Test
	void aServerThatCannotReachTheRepositoryYetStartsAndWaits() throws Exception {
		Path away = root.resolve("away.git");
		Files.move(remote, away);
		startServer("first", centre.address().getPort());
		Files.move(away, remote);
		ConfigurableApplicationContext deli = centre.startClient("deli", 1);
		assertThat(greeting(deli).text()).isEqualTo("hello");
	}

	private void tryOnTheSecondOf(List<ConfigurableApplicationContext> shops) throws IOException, GitAPIException {
		work.checkout().setCreateBranch(true).setName("try").call();
		push("try", "Try it", "tried");
		centre.api().startGray("try", null, Map.of("instance", "deli-2"), "Ada", null);
		await().until(() -> greeting(shops.get(1)).text().equals("tried"));
	}

	private ConfigurableApplicationContext startServer(String history, int port) {
		return startServer(history, port, "200ms");
	}

	private ConfigurableApplicationContext startServer(String history, int port, String pollInterval) {
		return startServer(history, port, pollInterval, remote.toUri().toString());
	}

	private ConfigurableApplicationContext startServer(String history, int port, String pollInterval, String uri) {
		return centre.startServer(port, "--platform.config-server.git.uri=" + uri,
				"--platform.config-server.git.path=config",
				"--platform.config-server.git.poll-interval=" + pollInterval,
				// Each its own, as servers on two machines have.
				"--platform.config-server.history=" + root.resolve(history + ".git"));
	}

	private void push(String branch, String message, String text) throws IOException, GitAPIException {
		Path folder = Files.createDirectories(root.resolve("work/config"));
		Files.writeString(folder.resolve("deli.yml"), "greeting:\n  text: " + text + "\n");
		work.add().addFilepattern(".").call();
		work.commit().setMessage(message).setAuthor("Ada", "ada@example.org").call();
		work.push().setRefSpecs(new RefSpec("HEAD:refs/heads/" + branch)).call();
	}

}
