// if grpc
package com.example.sampleitem.greeting;

import com.example.contracts.sampleitem.v1.GreetRequest;
import com.example.contracts.sampleitem.v1.GreetingServiceGrpc;
import com.example.platform.grpc.GrpcErrors;
import com.example.sampleitem.SampleItemServiceTest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@SampleItemServiceTest
class GreetingGrpcServiceIntegrationTests {

	private final ManagedChannel channel;

	GreetingGrpcServiceIntegrationTests(GrpcServerLifecycle server) {
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
	}

	@AfterEach
	void closeChannel() {
		channel.shutdownNow();
	}

	@Test
	void somebodyIsGreetedByName() {
		assertThat(greet("Ada")).isEqualTo("Hello Ada");
	}

	@Test
	void aBlankNameIsRefusedWithFieldAndReason() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, () -> greet(" "));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
		assertThat(GrpcErrors.badFields(error)).containsEntry("name", "must not be blank");
	}

	private String greet(String name) {
		return GreetingServiceGrpc.newBlockingStub(channel)
			.greet(GreetRequest.newBuilder().setName(name).build())
			.getGreeting();
	}

}
// end
