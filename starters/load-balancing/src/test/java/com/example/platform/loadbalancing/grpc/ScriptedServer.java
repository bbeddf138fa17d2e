package com.example.platform.loadbalancing.grpc;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;

/**
 * A real gRPC server with a method of each type that does what the request says: "hang",
 * "headers" (send them and hang), "talk" (a message every 20 ms), "first" (one message,
 * then hang), "later" (hang at the first call alone), "large" (answer with 100 kB),
 * "retry-info", the name of a status code, or answer. It answers once the client has sent
 * all.
 */
final class ScriptedServer {

	private final AtomicInteger calls = new AtomicInteger();

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final Server server;

	private volatile String always = "";

	ScriptedServer() throws IOException {
		ServerServiceDefinition.Builder service = ServerServiceDefinition.builder("test");
		for (MethodType type : MethodType.values()) {
			if (type != MethodType.UNKNOWN) {
				service.addMethod(method(type), this::handle);
			}
		}
		server = ServerBuilder.forPort(0).addService(service.build()).maxInboundMessageSize(1_000_000).build().start();
	}

	static MethodDescriptor<HealthCheckRequest, HealthCheckRequest> method(MethodType type) {
		var messages = HealthGrpc.getCheckMethod().getRequestMarshaller();
		return MethodDescriptor.<HealthCheckRequest, HealthCheckRequest>newBuilder()
			.setType(type)
			.setFullMethodName("test/" + type)
			.setRequestMarshaller(messages)
			.setResponseMarshaller(messages)
			.build();
	}

	static HealthCheckRequest message(String text) {
		return HealthCheckRequest.newBuilder().setService(text).build();
	}

	int port() {
		return server.getPort();
	}

	int calls() {
		return calls.get();
	}

	/** Does this, whatever requests say. */
	void always(String script) {
		always = script;
	}

	void close() {
		timer.shutdownNow();
		server.shutdownNow();
	}

	private ServerCall.Listener<HealthCheckRequest> handle(ServerCall<HealthCheckRequest, HealthCheckRequest> call,
			Metadata headers) {
		calls.incrementAndGet();
		call.request(10);
		return new ServerCall.Listener<>() {

			private String script = "";

			@Override
			public void onMessage(HealthCheckRequest message) {
				script = always.isEmpty() ? message.getService() : always;
			}

			@Override
			public void onHalfClose() {
				perform(script, call);
			}

		};
	}

	private void perform(String script, ServerCall<HealthCheckRequest, HealthCheckRequest> call) {
		switch (script) {
			case "hang" -> {
			}
			case "later" -> perform((calls() == 1) ? "hang" : "", call);
			case "headers" -> call.sendHeaders(new Metadata());
			case "first" -> {
				call.sendHeaders(new Metadata());
				call.sendMessage(message("first"));
			}
			case "talk" -> {
				call.sendHeaders(new Metadata());
				var unused = timer.scheduleWithFixedDelay(() -> call.sendMessage(message("more")), 0, 20,
						TimeUnit.MILLISECONDS);
			}
			case "retry-info" -> {
				var error = StatusProto.toStatusException(com.google.rpc.Status.newBuilder()
					.setCode(Status.Code.UNAVAILABLE.value())
					.addDetails(Any.pack(RetryInfo.getDefaultInstance()))
					.build());
				call.close(error.getStatus(), error.getTrailers());
			}
			case "large", "" -> {
				call.sendHeaders(new Metadata());
				call.sendMessage(message(script.isEmpty() ? "" : "x".repeat(100_000)));
				call.close(Status.OK, new Metadata());
			}
			default -> call.close(Status.Code.valueOf(script).toStatus(), new Metadata());
		}
	}

}
