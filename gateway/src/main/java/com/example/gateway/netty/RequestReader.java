package com.example.gateway.netty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.example.gateway.problem.RefusedException;
import com.example.platform.defaults.RequestId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Lets only such bytes through to the HTTP codec that are a request by RFC 9112, and only
 * as long as they come fast enough. In place of anything else, the codec's neighbours get
 * a request, or the end of a body, whose decoder result is a {@link RefusedException}.
 */
final class RequestReader extends ByteToMessageDecoder {

	// RFC 9112, section 7.1; with room for extensions, which nobody uses.
	private static final Pattern CHUNK_SIZE = Pattern
		.compile("(0*[0-9A-Fa-f]{1,8})(?:[ \t]*;[\\t\\x20-\\x7e\\x80-\\xff]*)?");

	private static final int MAX_CHUNK_LINE = 256;

	private enum Part {

		HEAD, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILERS, NOTHING

	}

	private final HttpLimits limits;

	private final int maxLine;

	private final int maxHeaders;

	private Part part = Part.HEAD;

	private RequestHead head;

	// Bytes of lines that have been read and not yet passed on.
	private int read;

	// Bytes of header or trailer lines.
	private int headers;

	// What is still to come of a body or a chunk.
	private long rest;

	private boolean awaited = true;

	private long since;

	private @Nullable ScheduledFuture<?> timer;

	/**
	 * Reads the requests of one connection.
	 * @param limits how much to read, and how long to wait
	 * @param maxLine longest request line
	 * @param maxHeaders most bytes of header lines
	 */
	RequestReader(HttpLimits limits, int maxLine, int maxHeaders) {
		this.limits = limits;
		this.maxLine = maxLine;
		this.maxHeaders = maxHeaders;
		this.head = new RequestHead(limits.maxHeaderLines());
	}

	/**
	 * Says whether somebody asks for more. Time counts only while that is so: a client is
	 * not late while nobody listens.
	 */
	void setAwaited(boolean awaited) {
		if (awaited && !this.awaited && part != Part.HEAD) {
			since = System.nanoTime();
		}
		this.awaited = awaited;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
		if (part != Part.HEAD || timer == null) {
			since = System.nanoTime();
		}
		super.channelRead(context, message);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) throws Exception {
		boolean begun = part != Part.HEAD || actualReadableBytes() > 0;
		if (begun && part != Part.NOTHING && timer == null) {
			wait(context, timeout());
		}
		super.channelReadComplete(context);
	}

	// When it has answered a request, Reactor Netty says so by an event. If the next one
	// waited for that and is answered at once, version 1.3.6 forgets to read on: the
	// connection hangs (https://github.com/reactor/reactor-netty/issues/4361). To read
	// once more does no harm.
	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
		super.userEventTriggered(context, event);
		context.executor().execute(context::read);
	}

	@Override
	protected void handlerRemoved0(ChannelHandlerContext context) {
		stopTimer();
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) throws Exception {
		stopTimer();
		super.channelInactive(context);
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
		try {
			switch (part) {
				case HEAD -> readHead(in, out);
				case BODY, CHUNK -> readBody(in, out);
				case CHUNK_SIZE, CHUNK_END, TRAILERS -> readChunkLine(in, out);
				case NOTHING -> in.skipBytes(in.readableBytes());
			}
		}
		catch (RefusedException ex) {
			in.skipBytes(in.readableBytes());
			out.add(refuse(ex));
		}
	}

	private void readHead(ByteBuf in, List<Object> out) {
		for (String line = line(in); line != null; line = line(in)) {
			if (!line.isEmpty()) {
				head.add(line);
			}
			else if (head.isEmpty()) {
				in.skipBytes(take());
			}
			else {
				rest = head.bodyLength();
				out.add(in.readRetainedSlice(take()));
				begin((rest == RequestHead.CHUNKED) ? Part.CHUNK_SIZE : (rest > 0) ? Part.BODY : Part.HEAD);
				return;
			}
		}
	}

	private void readBody(ByteBuf in, List<Object> out) {
		int length = (int) Math.min(rest, in.readableBytes());
		rest -= length;
		out.add(in.readRetainedSlice(length));
		if (rest == 0) {
			begin((part == Part.BODY) ? Part.HEAD : Part.CHUNK_END);
		}
	}

	private void readChunkLine(ByteBuf in, List<Object> out) {
		String line = line(in);
		if (line == null) {
			return;
		}
		if (part == Part.CHUNK_SIZE) {
			Matcher size = CHUNK_SIZE.matcher(line);
			if (!size.matches()) {
				throw badChunk();
			}
			rest = Long.parseLong(size.group(1), 16);
			part = (rest > 0) ? Part.CHUNK : Part.TRAILERS;
		}
		else if (part == Part.CHUNK_END) {
			if (!line.isEmpty()) {
				throw badChunk();
			}
			part = Part.CHUNK_SIZE;
		}
		else if (line.isEmpty()) {
			begin(Part.HEAD);
		}
		else {
			RequestHead.headerLine(line, new HashMap<>());
		}
		out.add(in.readRetainedSlice(take()));
	}

	/**
	 * Reads a line if it is complete, and leaves its bytes where they are.
	 * @return the line without its end
	 */
	private @Nullable String line(ByteBuf in) {
		int begin = in.readerIndex() + read;
		int end = in.indexOf(begin, in.writerIndex(), (byte) '\n');
		int length = ((end < 0) ? in.writerIndex() : end + 1) - begin;
		checkLength(length);
		if (end < 0) {
			return null;
		}
		if (length < 2 || in.getByte(end - 1) != '\r') {
			throw bad("lines", "must end with CR and LF");
		}
		read += length;
		if (part == Part.TRAILERS || !head.isEmpty()) {
			headers += length;
		}
		return in.toString(begin, length - 2, StandardCharsets.ISO_8859_1);
	}

	private void checkLength(int length) {
		if (part == Part.HEAD && head.isEmpty()) {
			if (length > maxLine) {
				throw new RefusedException(HttpStatus.URI_TOO_LONG, "request line",
						"may have at most " + maxLine + " bytes");
			}
		}
		else if (part == Part.CHUNK_SIZE || part == Part.CHUNK_END) {
			if (length > MAX_CHUNK_LINE) {
				throw badChunk();
			}
		}
		else if (headers + length > maxHeaders) {
			throw new RefusedException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers",
					"may have at most " + maxHeaders + " bytes");
		}
	}

	private int take() {
		int taken = read;
		read = 0;
		return taken;
	}

	// A request or a body begins, or the wait for the next request.
	private void begin(Part next) {
		part = next;
		headers = 0;
		stopTimer();
		if (next == Part.HEAD) {
			head = new RequestHead(limits.maxHeaderLines());
		}
	}

	private Object refuse(RefusedException refusal) {
		DecoderResult failure = DecoderResult.failure(refusal);
		boolean inHead = part == Part.HEAD;
		part = Part.NOTHING;
		stopTimer();
		if (inHead) {
			FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1,
					HttpMethod.valueOf(head.isEmpty() ? "GET" : head.method()), head.target(), Unpooled.EMPTY_BUFFER);
			head.values("x-request-id")
				.stream()
				.findFirst()
				.ifPresent((id) -> request.headers().set(RequestId.HEADER, RequestId.acceptOrCreate(id)));
			request.setDecoderResult(failure);
			return request;
		}
		LastHttpContent end = new DefaultLastHttpContent();
		end.setDecoderResult(failure);
		return end;
	}

	private Duration timeout() {
		return (part == Part.HEAD) ? limits.headTimeout() : limits.bodyTimeout();
	}

	private void wait(ChannelHandlerContext context, Duration time) {
		timer = context.executor().schedule(() -> lookAtTheClock(context), time.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void lookAtTheClock(ChannelHandlerContext context) {
		long now = System.nanoTime();
		if (!awaited) {
			since = now;
		}
		Duration left = timeout().minusNanos(now - since);
		if (left.isNegative() || left.isZero()) {
			context.fireChannelRead(refuse(new RefusedException(HttpStatus.REQUEST_TIMEOUT,
					(part == Part.HEAD) ? "headers" : "body", "did not arrive in time")));
			context.fireChannelReadComplete();
		}
		else {
			wait(context, left);
		}
	}

	private void stopTimer() {
		if (timer != null) {
			timer.cancel(false);
			timer = null;
		}
	}

	private static RefusedException badChunk() {
		return bad("body", "must be chunks, each with its length and a line end");
	}

	private static RefusedException bad(String field, String reason) {
		return new RefusedException(HttpStatus.BAD_REQUEST, field, reason);
	}

}
