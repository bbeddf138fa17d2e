package com.example.benchmarks.propagation;

import java.net.InetSocketAddress;
import java.util.concurrent.Future;

import com.example.platform.discovery.ServiceDirectory;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

/**
 * A caller as the starters make it: gRPC over {@code discovery:///}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public final class StarterCaller {

	private static final ClientStreamTracer.Factory TRACERS = new ClientStreamTracer.Factory() {

		@Override
		public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
			return new TellingTracer();
		}

	};

	/**
	 * Calls at a fixed rate until the process is ended.
	 * @param arguments Spring Boot's
	 */
	public static void main(String... arguments) {
		SpringApplication application = new SpringApplication(StarterCaller.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ApplicationContext context = application.run(arguments);
		String service = context.getEnvironment().getRequiredProperty(Calls.SERVICE);
		context.getBean(ServiceDirectory.class)
			.subscribe(service, (endpoints) -> Calls
				.list(endpoints.stream().map((endpoint) -> endpoint.grpcPort().orElseThrow()).toList()));
		Channel channel = ClientInterceptors.intercept(
				context.getBean(GrpcChannelFactory.class).createChannel("discovery:///" + service),
				new TellingInterceptor());
		HealthGrpc.HealthFutureStub stub = HealthGrpc.newFutureStub(channel);
		Calls.repeat(() -> {
			Future<?> unused = stub.withDeadlineAfter(Calls.DEADLINE).check(HealthCheckRequest.getDefaultInstance());
		});
	}

	private static final class TellingInterceptor implements ClientInterceptor {

		@Override
		public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options,
				Channel channel) {
			return channel.newCall(method, options.withStreamTracerFactory(TRACERS));
		}

	}

	private static final class TellingTracer extends ClientStreamTracer {

		private volatile int port;

		@Override
		public void streamCreated(Attributes transport, Metadata headers) {
			if (transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address) {
				port = address.getPort();
				Calls.sent(port);
			}
		}

		@Override
		public void inboundMessage(int number) {
			Calls.answered(port);
		}

	}

}
