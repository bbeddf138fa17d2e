package com.example.gateway.netty;

import java.util.concurrent.TimeUnit;

import com.example.gateway.problem.ProblemBody;
import com.example.gateway.problem.RefusedException;
import com.example.platform.defaults.RequestId;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/**
 * Answers what could not be decoded with problem details, after all that was asked before
 * it, and ends the connection: where the next request begins is not known. Reactor Netty
 * leaves the body empty and knows three statuses.
 */
final class RefusalHandler extends ChannelDuplexHandler {

	private static final Log log = LogFactory.getLog(RefusalHandler.class);

	private static final long LINGER_MILLIS = 1000;

	private final RequestReader reader;

	private final ProblemBody bodies;

	// The last request that has come; nothing comes behind a refused one.
	private @Nullable HttpRequest latest;

	private @Nullable Throwable brokenBody;

	// Requests whose answer has not begun.
	private int unanswered;

	private boolean answering;

	private boolean refused;

	private boolean closing;

	RefusalHandler(RequestReader reader, ProblemBody bodies) {
		this.reader = reader;
		this.bodies = bodies;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		reader.setAwaited(false);
		if (message instanceof HttpRequest request) {
			latest = request;
			unanswered++;
			// One id for all that becomes of it.
			request.headers().set(RequestId.HEADER, RequestId.acceptOrCreate(request.headers().get(RequestId.HEADER)));
		}
		else if (message instanceof DecoderResultProvider body && body.decoderResult().isFailure()) {
			brokenBody = body.decoderResult().cause();
		}
		context.fireChannelRead(message);
	}

	@Override
	public void read(ChannelHandlerContext context) {
		reader.setAwaited(true);
		context.read();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the promise tells
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (refused) {
			// The rest of an answer that the refusal has replaced.
			ReferenceCountUtil.release(message);
			promise.trySuccess();
			return;
		}
		Throwable failure = failure();
		// An answer from another thread may be on its way when its end is written here.
		if (latest != null && failure != null && !answering && unanswered <= 1 && message instanceof HttpObject) {
			refused = true;
			ReferenceCountUtil.release(message);
			// What has been answered already is not answered twice.
			Object answer = (unanswered == 1) ? answer(latest, failure) : Unpooled.EMPTY_BUFFER;
			context.writeAndFlush(answer, promise.unvoid())
				.addListener((written) -> close(context, context.newPromise()));
			return;
		}
		if (message instanceof HttpResponse response) {
			if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
				context.pipeline().remove(reader);
			}
			if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
				answering = true;
				unanswered--;
			}
		}
		if (message instanceof LastHttpContent) {
			answering = false;
		}
		context.write(message, promise);
	}

	/**
	 * Lets the client read the answer before the connection ends: a close while it is
	 * still sending would reset the connection (RFC 9112, section 9.6).
	 */
	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the promise tells
	public void close(ChannelHandlerContext context, ChannelPromise promise) {
		if (!refused || !(context.channel() instanceof DuplexChannel channel)) {
			context.close(promise);
		}
		else if (!closing) {
			closing = true;
			channel.config().setAutoRead(true);
			channel.shutdownOutput();
			context.executor().schedule(() -> context.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private @Nullable Throwable failure() {
		return (latest != null && latest.decoderResult().isFailure()) ? latest.decoderResult().cause() : brokenBody;
	}

	private HttpResponse answer(HttpRequest request, Throwable failure) {
		RefusedException refusal = (failure instanceof RefusedException known) ? known
				: new RefusedException(HttpStatus.BAD_REQUEST, "request", "is not valid HTTP");
		ProblemDetail problem = refusal.getBody();
		String requestId = request.headers().get(RequestId.HEADER);
		try (MDC.MDCCloseable ignored = MDC.putCloseable(RequestId.HEADER, requestId)) {
			log.info("Refused with " + problem.getStatus() + ": " + problem.getDetail());
		}
		byte[] body = bodies.write(problem, RequestTarget.of(request.uri()).path(), requestId);
		DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
				HttpResponseStatus.valueOf(problem.getStatus()),
				HttpMethod.HEAD.equals(request.method()) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
		response.headers()
			.set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
			.set(HttpHeaderNames.CONTENT_LENGTH, body.length)
			.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
			.set(RequestId.HEADER, requestId);
		return response;
	}

}
