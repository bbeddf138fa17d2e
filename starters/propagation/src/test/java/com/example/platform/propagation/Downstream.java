package com.example.platform.propagation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The last hop, over gRPC and HTTP: remembers what arrived. The gRPC service {@code hang}
 * never answers.
 */
final class Downstream implements AutoCloseable {

	private final BlockingQueue<Map<String, String>> received = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();

	private final Server grpc;

	private final HttpServer http;

	Downstream() throws IOException {
		InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		grpc = NettyServerBuilder.forAddress(anyPort)
			.addService(ServerInterceptors.intercept(new Health(), new Recorder()))
			.build()
			.start();
		http = HttpServer.create(anyPort, 0);
		http.createContext("/", (exchange) -> {
			Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
			exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
			received.add(headers);
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		http.start();
	}

	int grpcPort() {
		return grpc.getPort();
	}

	int httpPort() {
		return http.getAddress().getPort();
	}

	/**
	 * What came with the next request: its headers, and its deadline as {@code deadline}.
	 */
	Map<String, String> next() throws InterruptedException {
		return Objects.requireNonNull(received.poll(10, TimeUnit.SECONDS), "Nothing arrived");
	}

	/** Whether a call that did not come to an answer is cancelled now or soon. */
	boolean isCancelled() throws InterruptedException {
		return cancelled.poll(10, TimeUnit.SECONDS) != null;
	}

	boolean isIdle() {
		return received.isEmpty();
	}

	@Override
	public void close() {
		grpc.shutdownNow();
		http.stop(0);
	}

	private final class Recorder implements ServerInterceptor {

		@Override
		public <I, O> ServerCall.Listener<I> interceptCall(ServerCall<I, O> call, Metadata metadata,
				ServerCallHandler<I, O> next) {
			Map<String, String> headers = new TreeMap<>();
			for (String name : metadata.keys()) {
				headers.put(name,
						String.valueOf(metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))));
			}
			Deadline deadline = Context.current().getDeadline();
			if (deadline != null) {
				headers.put("deadline", Long.toString(deadline.timeRemaining(TimeUnit.MILLISECONDS)));
			}
			received.add(headers);
			return next.startCall(call, metadata);
		}

	}

	private final class Health extends HealthGrpc.HealthImplBase {

		@Override
		public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
			if (request.getService().equals("hang")) {
				((ServerCallStreamObserver<HealthCheckResponse>) observer)
					.setOnCancelHandler(() -> cancelled.add("cancelled"));
				return;
			}
			observer.onNext(HealthCheckResponse.getDefaultInstance());
			observer.onCompleted();
		}

	}

}
