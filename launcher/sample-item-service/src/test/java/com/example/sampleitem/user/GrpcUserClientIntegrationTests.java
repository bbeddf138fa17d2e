// if client
package com.example.sampleitem.user;

import java.io.IOException;

import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.GetUserResponse;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.sampleitem.SampleItemServiceTest;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@SampleItemServiceTest
class GrpcUserClientIntegrationTests {

	private static final Server SERVER = NettyServerBuilder.forPort(0)
		.addService(new UserServiceGrpc.UserServiceImplBase() {

			@Override
			public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> responses) {
				responses.onNext(GetUserResponse.getDefaultInstance());
				responses.onCompleted();
			}

		})
		.build();

	private final GrpcUserClient client;

	GrpcUserClientIntegrationTests(GrpcUserClient client) {
		this.client = client;
	}

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) throws IOException {
		SERVER.start();
		registry.add("spring.grpc.client.channel.user-service.target", () -> "static://127.0.0.1:" + SERVER.getPort());
	}

	@AfterAll
	static void stopServer() {
		SERVER.shutdownNow();
	}

	@Test
	void anAnswerComesBack() {
		assertThat(client.getUser(GetUserRequest.getDefaultInstance())).isEqualTo(GetUserResponse.getDefaultInstance());
	}

}
// end
