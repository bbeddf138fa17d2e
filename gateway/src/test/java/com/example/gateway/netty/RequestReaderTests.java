package com.example.gateway.netty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.IntStream;

import com.example.gateway.problem.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResultProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class RequestReaderTests {

	private static final String WELL_FORMED = """
			GET /a HTTP/1.1
			Host: a

			POST /b HTTP/1.1
			Host: a
			Content-Length: 13

			{
			 "b": 1
			}POST /c HTTP/1.1
			Host: a
			Transfer-Encoding: chunked

			6;x="y"
			a

			b
			00A
			0123456789
			0
			Trailer: x

			GET /d HTTP/1.0

			""".replace("\n", "\r\n");

	private final EmbeddedChannel channel = new EmbeddedChannel(
			new RequestReader(new HttpLimits(3, Duration.ofSeconds(10), Duration.ofSeconds(10)), 40, 60));

	static IntStream sizes() {
		return IntStream.rangeClosed(1, 60);
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void whatIsWellFormedPassesAsItIsHoweverItIsCut(int size) {
		assertThat(send("\r\n" + WELL_FORMED, size)).isNull();
		assertThat(passed()).isEqualTo(WELL_FORMED);
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void whatIsNotIsRefusedBehindThatHoweverItIsCut(int size) {
		RefusedException refusal = send(WELL_FORMED + "GET /e HTTP/1.1\r\nHost: a\r\n b\r\n\r\nGET", size);
		assertThat(refusal).hasMessageContaining("headers: may not be folded");
		assertThat(passed()).isEqualTo(WELL_FORMED);
	}

	@ParameterizedTest
	@CsvSource({ "414, 40, 0, 1", "431, 10, 1, 60", "431, 10, 4, 1" })
	void whatIsTooLongIsRefusedBeforeItIsComplete(int status, int target, int lines, int length) {
		String head = "GET /" + "x".repeat(target) + " HTTP/1.1\r\n"
				+ ("X: " + "x".repeat(length) + "\r\n").repeat(lines);
		for (int size = 1; size < 9; size++) {
			EmbeddedChannel other = new EmbeddedChannel(
					new RequestReader(new HttpLimits(3, Duration.ofSeconds(10), Duration.ofSeconds(10)), 40, 60));
			assertThat(send(other, head, size)).isNotNull()
				.extracting((refusal) -> refusal.getStatusCode().value())
				.isEqualTo(status);
		}
	}

	private @Nullable RefusedException send(String latin1, int size) {
		return send(channel, latin1, size);
	}

	private static @Nullable RefusedException send(EmbeddedChannel channel, String latin1, int size) {
		for (int i = 0; i < latin1.length(); i += size) {
			channel.writeInbound(Unpooled.copiedBuffer(latin1.substring(i, Math.min(i + size, latin1.length())),
					StandardCharsets.ISO_8859_1));
		}
		return channel.inboundMessages()
			.stream()
			.filter(DecoderResultProvider.class::isInstance)
			.map((message) -> (RefusedException) ((DecoderResultProvider) message).decoderResult().cause())
			.findFirst()
			.orElse(null);
	}

	private String passed() {
		StringBuilder passed = new StringBuilder();
		for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
			if (message instanceof ByteBuf bytes) {
				passed.append(bytes.toString(StandardCharsets.ISO_8859_1));
				bytes.release();
			}
		}
		return passed.toString();
	}

}
