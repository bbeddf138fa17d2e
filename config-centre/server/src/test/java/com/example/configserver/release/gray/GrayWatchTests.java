package com.example.configserver.release.gray;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

import com.example.configserver.release.fleet.Member;
import com.example.configserver.release.gray.GrayWatch.Comparison;
import com.example.configserver.release.gray.GrayWatch.Verdict;
import com.example.platform.configprotocol.InstanceReport;
import com.example.platform.configprotocol.InstanceReport.Source;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GrayWatchTests {

	private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

	private final List<Instance> instances = new ArrayList<>();

	private final LinkedBlockingQueue<Runnable> done = new LinkedBlockingQueue<>();

	private final List<Verdict> verdicts = new ArrayList<>();

	private final ExecutorService handlers = Executors.newCachedThreadPool();

	private final CountDownLatch end = new CountDownLatch(1);

	private final GrayWatch watch = new GrayWatch(
			new GrayBounds(Duration.ofSeconds(1), Duration.ofSeconds(30), 20, 5, 0.05, 3, Duration.ofMillis(100)),
			this::members, Clock.systemUTC());

	private Instance gray;

	private Instance other;

	@BeforeEach
	void start() throws IOException {
		gray = new Instance("deli-1");
		other = new Instance("deli-2");
	}

	@AfterEach
	void close() {
		end.countDown();
		instances.forEach((instance) -> instance.server.stop(0));
		handlers.shutdownNow();
	}

	@Test
	void whatWasAnsweredBeforeTheRevisionTookEffectDoesNotCount() throws InterruptedException {
		gray.answers(100, 0);
		look(releasing("new"));
		// Until the instance has fetched it, all this is on the earlier one.
		gray.answers(200, 100);
		other.answers(100, 0);
		look(releasing("new"));
		gray.runs("new", BEGUN.plusSeconds(5));
		look(releasing("new"));
		gray.answers(230, 100);
		look(releasing("new"));
		assertThat(verdicts).isEmpty();
		assertThat(comparison().gray().requests()).isEqualTo(30);
		assertThat(comparison().gray().errors()).isZero();
		assertThat(comparison().others().requests()).as("over the same time").isZero();
		gray.answers(260, 130);
		look(releasing("new"));
		assertThat(verdicts).singleElement()
			.satisfies((verdict) -> assertThat(verdict.reason()).contains("error rate"));
	}

	@Test
	void whatAnInstanceAnsweredOnAnotherRevisionInBetweenDoesNotCount() throws InterruptedException {
		gray.runs("new", BEGUN);
		gray.answers(10, 0);
		look(releasing("new"));
		// Started again on its snapshot, and not seen in between.
		gray.answers(50, 50);
		gray.runs("new", BEGUN.plusSeconds(9));
		look(releasing("new"));
		gray.answers(80, 50);
		look(releasing("new"));
		assertThat(verdicts).isEmpty();
		assertThat(comparison().gray().errors()).isZero();
	}

	@Test
	void theNextGrayReleaseOfTheSameRevisionBeginsAnew() throws InterruptedException {
		gray.runs("new", BEGUN);
		look(releasing("new"));
		gray.answers(30, 30);
		look(new GrayRelease("new", Set.of("deli-1"), 50, Map.of(), false, "", "ada", "", BEGUN.plusSeconds(60)));
		assertThat(verdicts).isEmpty();
	}

	@Test
	void anInstanceWhoseAnswerStallsOrWhoseAddressIsNoneHoldsNothingUp() throws InterruptedException, IOException {
		Instance stalled = new Instance("deli-3");
		stalled.stalls = true;
		Instance lost = new Instance("deli-4");
		lost.address = "my_host:80";
		gray.runs("new", BEGUN);
		look(releasing("new"));
		gray.answers(30, 30);
		look(releasing("new"));
		assertThat(verdicts).hasSize(1);
	}

	// As the thread does that the watch is confined to.
	private void look(GrayRelease release) throws InterruptedException {
		watch.look(release, done::add, verdicts::add);
		done.take().run();
	}

	private Comparison comparison() {
		return Objects.requireNonNull(watch.comparison());
	}

	private static GrayRelease releasing(String revision) {
		return new GrayRelease(revision, Set.of("deli-1"), 50, Map.of(), false, "", "ada", "", BEGUN);
	}

	private List<Member> members() {
		return instances.stream().map(Instance::member).toList();
	}

	/** An instance, as far as it answers with its metrics. */
	private final class Instance {

		private final String id;

		private final HttpServer server;

		private volatile String page = "";

		private volatile String revision = "old";

		private volatile Instant since = BEGUN.minusSeconds(60);

		private volatile boolean stalls;

		private String address;

		Instance(String id) throws IOException {
			this.id = id;
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			this.address = "127.0.0.1:" + server.getAddress().getPort();
			server.setExecutor(handlers);
			server.createContext("/actuator/prometheus", this::answer);
			server.start();
			answers(0, 0);
			instances.add(this);
		}

		void runs(String next, Instant from) {
			revision = next;
			since = from;
		}

		void answers(int requests, int errors) {
			String series = "http_server_requests_seconds_count{error=\"none\",exception=\"none\",method=\"GET\","
					+ "outcome=\"%s\",status=\"%s\",uri=\"/greeting\"} %d.0%n";
			page = series.formatted("SUCCESS", "200", requests - errors)
					+ series.formatted("SERVER_ERROR", "500", errors);
		}

		Member member() {
			return new Member(new InstanceReport("deli", id, revision, Source.SERVER, since, null, List.of()), address,
					"", "");
		}

		private void answer(HttpExchange exchange) throws IOException {
			byte[] body = page.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, body.length);
			if (stalls) {
				exchange.getResponseBody().write(body, 0, 10);
				exchange.getResponseBody().flush();
				try {
					end.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			else {
				exchange.getResponseBody().write(body);
			}
			exchange.close();
		}

	}

}
