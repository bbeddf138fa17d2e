package com.example.platform.web.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.example.platform.defaults.AbandonedRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that hang up while a real Tomcat handles their requests, and those that do not.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class HangUpValveIntegrationTests {

	private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

	private static final BlockingQueue<Handled> HANDLED = new LinkedBlockingQueue<>();

	private final int port;

	HangUpValveIntegrationTests(@LocalServerPort int port) {
		this.port = port;
	}

	@AfterEach
	void answerAll() {
		HANDLED.forEach((handled) -> handled.answer.countDown());
		HANDLED.clear();
	}

	@ParameterizedTest
	@ValueSource(strings = { GET, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
			"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" })
	void whatIsUnderWayEndsWhenTheClientHangsUp(String request) throws Exception {
		for (boolean reset : new boolean[] { false, true }) {
			Socket client = send(request);
			Handled handled = next();
			assertThat(handled.abandoned.await(300, TimeUnit.MILLISECONDS)).as("while the client waits").isFalse();
			client.setSoLinger(reset, 0);
			client.close();
			assertThat(handled.abandoned.await(5, TimeUnit.SECONDS)).isTrue();
			handled.answer.countDown();
		}
	}

	@Test
	void whatTheClientSendsInAdvanceIsTheNextRequest() throws Exception {
		try (Socket client = send(GET)) {
			Handled first = next();
			write(client, GET.substring(0, 9));
			assertThat(first.abandoned.await(300, TimeUnit.MILLISECONDS)).isFalse();
			write(client, GET.substring(9) + GET);
			assertThat(first.abandoned.await(300, TimeUnit.MILLISECONDS)).isFalse();
			first.answer.countDown();
			for (int i = 0; i < 2; i++) {
				Handled another = next();
				assertThat(another.abandoned.await(300, TimeUnit.MILLISECONDS)).isFalse();
				another.answer.countDown();
			}
			for (int i = 0; i < 3; i++) {
				assertThat(line(client)).isEqualTo("HTTP/1.1 200 ");
			}
		}
	}

	@Test
	void aClientThatHangsUpBehindItsNextRequestIsNoticedOnceThatIsHandled() throws Exception {
		Socket client = send(GET + GET);
		Handled first = next();
		client.close();
		first.answer.countDown();
		assertThat(next().abandoned.await(5, TimeUnit.SECONDS)).isTrue();
	}

	private Socket send(String request) throws IOException {
		Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
		client.setSoTimeout(10_000);
		write(client, request);
		return client;
	}

	private static void write(Socket client, String text) throws IOException {
		client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	// The status line of an answer without a body, which is then read to its end.
	private static String line(Socket client) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = client.getInputStream().read();
			assertThat(next).isNotEqualTo(-1);
			head.append((char) next);
		}
		return head.substring(0, head.indexOf("\r\n"));
	}

	private static Handled next() throws InterruptedException {
		Handled handled = HANDLED.poll(10, TimeUnit.SECONDS);
		assertThat(handled).isNotNull();
		return handled;
	}

	private record Handled(CountDownLatch abandoned, CountDownLatch answer) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Application {

	}

	@RestController
	static class Controller {

		@RequestMapping("/")
		void handle(HttpServletRequest request, @RequestBody(required = false) @Nullable String body)
				throws InterruptedException {
			Handled handled = new Handled(new CountDownLatch(1), new CountDownLatch(1));
			Runnable abandon = handled.abandoned::countDown;
			request.setAttribute(AbandonedRequest.ATTRIBUTE, abandon);
			HANDLED.add(handled);
			handled.answer.await(20, TimeUnit.SECONDS);
		}

	}

}
