package com.example.launcher.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.example.launcher.load.Answer.Failure;
import com.example.launcher.process.LocalSystemException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Connections of HTTP/1.1 to one server: as many as there are requests under way, each of
 * which is sent once. One thread does all of it, so that the load takes one core at most.
 * Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the connection, which is
												// told
public final class Connections implements AutoCloseable {

	// Less than servers keep a connection that is idle, lest one is used as it closes.
	private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(20);

	private static final ByteBuf BLANKS = Unpooled
		.unreleasableBuffer(
				Unpooled.directBuffer(1 << 16).writeBytes(" ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII)))
		.asReadOnly();

	private final EventLoopGroup thread = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load", true),
			NioIoHandler.newFactory());

	private final Bootstrap bootstrap;

	private final String host;

	private final Duration timeout;

	/** The freshest first; used by the one thread only, as all below. */
	private final Deque<Connection> idle = new ArrayDeque<>();

	/**
	 * Prepares to connect.
	 * @param url address of the server, without a path
	 * @param timeout how long after it was due the answer to a request is waited for
	 * @throws LocalSystemException if there is no such host
	 */
	public Connections(URI url, Duration timeout) {
		boolean secure = "https".equals(url.getScheme());
		InetSocketAddress address = new InetSocketAddress(url.getHost(),
				(url.getPort() != -1) ? url.getPort() : (secure ? 443 : 80));
		if (address.isUnresolved()) {
			throw new LocalSystemException("There is no host named %s. Check --url.".formatted(url.getHost()));
		}
		this.host = url.getAuthority();
		this.timeout = timeout;
		this.bootstrap = new Bootstrap().group(thread)
			.channel(NioSocketChannel.class)
			.remoteAddress(address)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
			.handler(initializer(secure ? tls() : null, address));
	}

	/** Sends a request which is due now. */
	public CompletableFuture<Answer> send(Request request) {
		return send(request, System.nanoTime());
	}

	/**
	 * Sends a request.
	 * @param request the request
	 * @param due when it is or was due, as {@link System#nanoTime()} tells
	 * @return what becomes of it, also if that is no answer
	 */
	CompletableFuture<Answer> send(Request request, long due) {
		Exchange exchange = new Exchange(request, due);
		thread.execute(() -> start(exchange));
		return exchange.end;
	}

	/** Ends what is under way. */
	@Override
	public void close() {
		thread.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private void start(Exchange exchange) {
		exchange.started(System.nanoTime());
		Connection free = idle.pollFirst();
		if (free != null && System.nanoTime() - free.idleSince > FRESH_NANOS) {
			// So are all the others.
			free.channel.close();
			idle.forEach((other) -> other.channel.close());
			idle.clear();
			free = null;
		}
		if (free != null) {
			free.send(exchange);
			return;
		}
		var connecting = bootstrap.connect();
		exchange.channel = connecting.channel();
		connecting.addListener((done) -> {
			if (!done.isSuccess()) {
				exchange.fail(Failure.NO_CONNECTION);
			}
			else if (!exchange.end.isDone()) {
				connecting.channel().pipeline().get(Connection.class).send(exchange);
			}
		});
	}

	private ChannelInitializer<Channel> initializer(@Nullable SslContext tls, InetSocketAddress address) {
		return new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				if (tls != null) {
					channel.pipeline()
						.addLast(tls.newHandler(channel.alloc(), address.getHostString(), address.getPort()));
				}
				channel.pipeline().addLast(new HttpClientCodec(), new Connection(channel));
			}

		};
	}

	private static SslContext tls() {
		try {
			return SslContextBuilder.forClient().build();
		}
		catch (javax.net.ssl.SSLException ex) {
			throw new LocalSystemException("TLS cannot be used (%s). Check the JDK.".formatted(ex.getMessage()), ex);
		}
	}

	/**
	 * A request and what comes of it.
	 */
	private final class Exchange {

		private final CompletableFuture<Answer> end = new CompletableFuture<>();

		private final ByteBuf text = Unpooled.buffer();

		private final Request request;

		private final long due;

		private long late;

		private int status;

		private @Nullable String instance;

		private @Nullable Channel channel;

		private @Nullable Future<?> clock;

		Exchange(Request request, long due) {
			this.request = request;
			this.due = due;
		}

		void started(long now) {
			late = now - due;
			clock = thread.schedule(() -> fail(Failure.TIMEOUT), timeout.toNanos() - late, TimeUnit.NANOSECONDS);
		}

		void fail(Failure failure) {
			if (!end.isDone()) {
				status = 0;
				end(failure);
				if (channel != null) {
					channel.close();
				}
			}
		}

		void end(@Nullable Failure failure) {
			if (clock != null) {
				clock.cancel(false);
			}
			Answer answer = new Answer(status, failure, instance, text.toString(StandardCharsets.UTF_8), due,
					Duration.ofNanos(late), Duration.ofNanos(System.nanoTime() - due));
			request.answered().accept(answer);
			end.complete(answer);
		}

	}

	/**
	 * One connection, with at most one request under way.
	 */
	private final class Connection extends SimpleChannelInboundHandler<HttpObject> {

		private final Channel channel;

		private @Nullable Exchange exchange;

		private boolean kept;

		private long idleSince;

		Connection(Channel channel) {
			this.channel = channel;
		}

		void send(Exchange next) {
			exchange = next;
			next.channel = channel;
			Request request = next.request;
			ByteBuf body = Unpooled.wrappedBuffer(request.body().getBytes(StandardCharsets.UTF_8));
			int length = body.readableBytes() + request.padding();
			HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method()),
					request.path());
			head.headers().set(HttpHeaderNames.HOST, host);
			request.headers().forEach(head.headers()::set);
			if (length > 0) {
				HttpUtil.setContentLength(head, length);
			}
			channel.write(head);
			channel.write(new DefaultHttpContent(body));
			for (int rest = request.padding(); rest > 0; rest -= BLANKS.capacity()) {
				channel.write(new DefaultHttpContent(BLANKS.slice(0, Math.min(rest, BLANKS.capacity()))));
			}
			channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
			Exchange current = exchange;
			if (current == null || message.decoderResult().isFailure()) {
				fail(Failure.NOT_HTTP);
				return;
			}
			if (message instanceof HttpResponse response) {
				current.status = response.status().code();
				current.instance = response.headers().get(Answer.INSTANCE_HEADER);
				kept = HttpUtil.isKeepAlive(response);
			}
			if (message instanceof HttpContent content) {
				ByteBuf bytes = content.content();
				current.text.writeBytes(bytes,
						Math.min(bytes.readableBytes(), Answer.MOST_BODY - current.text.readableBytes()));
			}
			if (message instanceof LastHttpContent
					&& HttpStatusClass.valueOf(current.status) != HttpStatusClass.INFORMATIONAL) {
				exchange = null;
				if (kept) {
					idleSince = System.nanoTime();
					idle.addFirst(this);
				}
				else {
					channel.close();
				}
				current.end(null);
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			idle.remove(this);
			fail(Failure.CONNECTION_LOST);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			fail(Failure.CONNECTION_LOST);
		}

		private void fail(Failure failure) {
			channel.close();
			if (exchange != null) {
				exchange.fail(failure);
			}
		}

	}

}
