package com.example.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

import com.example.platform.loadbalancing.CalledServices;
import com.example.platform.loadbalancing.InstanceView;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import com.example.platform.test.WithConsul;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "spring.cloud.config.enabled=false", "management.server.port=0",
				"spring.cloud.gateway.server.webflux.httpclient.response-timeout=1s",
				"platform.load-balancing.defaults.ejection.enabled=false" })
@WithConsul
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
class WebSocketIntegrationTests {

	private static final byte[] TEXT = { (byte) 0x81, 2, 'h', 'i' };

	private final TestRegistry registry = new TestRegistry(TestServers.consul());

	private final RawBackend service = new RawBackend();

	private final BlockingQueue<byte[]> closeOfClient = new LinkedBlockingQueue<>();

	private final int port;

	private final CalledServices services;

	WebSocketIntegrationTests(@LocalServerPort int port, CalledServices services) throws IOException {
		this.port = port;
		this.services = services;
	}

	@BeforeEach
	void register() {
		registry.register("user-service", "user-service-1", service.port(), Map.of());
		await().until(() -> new GatewayClient(port).get("/api/users/1").statusCode() == 200);
		service.heads().clear();
	}

	@AfterEach
	void deregister() throws IOException {
		registry.deregister("user-service-1");
		service.close();
	}

	@Test
	void theServiceIsAskedFirst() throws IOException {
		service.answer((head, socket) -> {
			await().pollDelay(Duration.ofMillis(300)).until(() -> true);
			accept(head, socket, "Sec-WebSocket-Protocol: b\r\nSet-Cookie: a=b\r\n");
			socket.getOutputStream().write(TEXT);
			assertThat(socket.getInputStream().readNBytes(8)).startsWith((byte) 0x81, (byte) 0x82);
			socket.getOutputStream().write(new byte[] { (byte) 0x88, 2, 0x0f, (byte) 0xa0 });
			socket.getInputStream().readAllBytes();
		});
		try (Socket client = upgrade("Sec-WebSocket-Protocol: a, b\r\n")) {
			client.setSoTimeout(200);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
			client.setSoTimeout(5000);
			String head = RawBackend.head(client.getInputStream());
			assertThat(head).startsWith("HTTP/1.1 101")
				.containsIgnoringCase("sec-websocket-protocol: b\r\n")
				.containsIgnoringCase("set-cookie: a=b\r\n")
				.containsIgnoringCase("x-request-id: ");
			assertThat(client.getInputStream().readNBytes(4)).isEqualTo(TEXT);
			client.getOutputStream().write(new byte[] { (byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i' });
			// 4000, the service's own.
			assertThat(client.getInputStream().readNBytes(4)).containsExactly(0x88, 2, 0x0f, 0xa0);
		}
		assertThat(service.heads()).hasSize(1).allMatch((head) -> head.startsWith("GET /api/users/live?a==[%35 "));
	}

	@Test
	void pingsOfBothSidesAreAnswered() throws Exception {
		service.answer((head, socket) -> {
			accept(head, socket, "");
			socket.getOutputStream().write(new byte[] { (byte) 0x89, 0 });
			assertThat(socket.getInputStream().readNBytes(6)).startsWith((byte) 0x8a, (byte) 0x80);
			socket.getOutputStream().write(TEXT);
			socket.getInputStream().readAllBytes();
		});
		try (Socket client = upgrade("")) {
			client.setSoTimeout(5000);
			RawBackend.head(client.getInputStream());
			assertThat(client.getInputStream().readNBytes(4)).isEqualTo(TEXT);
			client.getOutputStream().write(new byte[] { (byte) 0x89, (byte) 0x80, 0, 0, 0, 0 });
			assertThat(client.getInputStream().readNBytes(2)).containsExactly(0x8a, 0);
		}
	}

	@Test
	void largeMessagesAndTheClientsClosePass() throws Exception {
		service.answer((head, socket) -> {
			accept(head, socket, "");
			// Back goes what came, without the mask.
			byte[] frame = socket.getInputStream().readNBytes(14 + 200_000);
			for (int i = 14; i < frame.length; i++) {
				frame[i] ^= frame[10 + (i - 14) % 4];
			}
			socket.getOutputStream().write(new byte[] { frame[0], 127 });
			socket.getOutputStream().write(frame, 2, 8);
			socket.getOutputStream().write(frame, 14, 200_000);
			closeOfClient.add(socket.getInputStream().readNBytes(8));
			socket.getInputStream().readAllBytes();
		});
		try (Socket client = upgrade("")) {
			client.setSoTimeout(5000);
			assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 101")
				.doesNotContainIgnoringCase("sec-websocket-protocol");
			byte[] header = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xff).putLong(200_000).array();
			client.getOutputStream().write(header);
			client.getOutputStream().write(new byte[200_000]);
			assertThat(client.getInputStream().readNBytes(10)).startsWith(0x82, 127)
				.endsWith(Arrays.copyOfRange(header, 2, 10));
			assertThat(client.getInputStream().readNBytes(200_000)).containsOnly(0);
			client.getOutputStream().write(new byte[] { (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x0f, (byte) 0xa1 });
			assertThat(client.getInputStream().readNBytes(4)).containsExactly(0x88, 2, 0x0f, 0xa1);
		}
		byte[] close = closeOfClient.take();
		assertThat(close).startsWith(0x88, 0x82);
		assertThat(((close[6] ^ close[2]) << 8) | ((close[7] ^ close[3]) & 0xff)).isEqualTo(4001);
	}

	@Test
	void aClientThatHangsUpWhileTheServiceIsAskedChargesNobody() throws IOException {
		service.answer((head, socket) -> socket.getInputStream().readAllBytes());
		long before = failures();
		try (Socket client = upgrade("")) {
			await().until(() -> !service.heads().isEmpty());
			client.setSoLinger(true, 0);
		}
		await().until(() -> view().mapToLong(InstanceView::inFlight).sum() == 0);
		assertThat(failures()).isEqualTo(before);
	}

	@Test
	void anUpgradeThatCannotBeReachesNobody() throws IOException {
		try (Socket client = upgrade(12, "")) {
			assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 426")
				.containsIgnoringCase("sec-websocket-version: 13");
		}
		assertThat(service.heads()).isEmpty();
	}

	@Test
	void aRefusalIsTheServices() throws IOException {
		for (String status : List.of("401 Unauthorized", "404 Not Found", "200 OK", "302 Found",
				"503 Service Unavailable")) {
			service.answer((head, socket) -> RawBackend.write(socket,
					"HTTP/1.1 " + status + "\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno"));
			try (Socket client = upgrade("")) {
				assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 " + status.substring(0, 4))
					.containsIgnoringCase("www-authenticate: Basic")
					.doesNotContainIgnoringCase("upgrade");
			}
		}
	}

	@Test
	void aServiceThatTakesNoneOfTheProtocolsIsAnError() throws IOException {
		service.answer((head, socket) -> accept(head, socket, ""));
		try (Socket client = upgrade("Sec-WebSocket-Protocol: a, b\r\n")) {
			assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 502");
		}
	}

	@Test
	void aServiceThatDoesNotAnswerIsATimeout() throws IOException {
		service.answer((head, socket) -> socket.getInputStream().readAllBytes());
		long before = failures();
		try (Socket client = upgrade("")) {
			assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 504");
		}
		assertThat(failures()).isEqualTo(before + 1);
	}

	@Test
	void aConnectionThatIsLostBeforeItIsAcceptedIsRepeatedAndThenAnError() throws IOException {
		service.answer((head, socket) -> socket.close());
		try (Socket client = upgrade("")) {
			assertThat(RawBackend.head(client.getInputStream())).startsWith("HTTP/1.1 502");
		}
	}

	@Test
	void aWebSocketOutlivesTheResponseTimeoutAndAClientThatVanishesChargesNobody() throws IOException {
		service.answer((head, socket) -> {
			accept(head, socket, "");
			await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
			socket.getOutputStream().write(TEXT);
			socket.getInputStream().readAllBytes();
		});
		long before = failures();
		try (Socket client = upgrade("")) {
			RawBackend.head(client.getInputStream());
			assertThat(client.getInputStream().readNBytes(4)).isEqualTo(TEXT);
			client.setSoLinger(true, 0);
		}
		await().until(() -> view().mapToLong(InstanceView::inFlight).sum() == 0);
		assertThat(failures()).isEqualTo(before);
	}

	private long failures() {
		return view().mapToLong(InstanceView::failures).sum();
	}

	private Stream<InstanceView> view() {
		return services.service("user-service").view().stream();
	}

	private Socket upgrade(String headers) throws IOException {
		return upgrade(13, headers);
	}

	private Socket upgrade(int version, String headers) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		RawBackend.write(socket,
				"GET /api/users/live?a==[%35 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
						+ "Upgrade: websocket\r\nSec-WebSocket-Version: " + version
						+ "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n");
		return socket;
	}

	private static void accept(String head, Socket socket, String headers) throws IOException {
		String key = head.lines()
			.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
			.map((line) -> line.substring(line.indexOf(':') + 1).trim())
			.findFirst()
			.orElseThrow();
		try {
			byte[] hash = MessageDigest.getInstance("SHA-1")
				.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
			RawBackend.write(socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ headers + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
