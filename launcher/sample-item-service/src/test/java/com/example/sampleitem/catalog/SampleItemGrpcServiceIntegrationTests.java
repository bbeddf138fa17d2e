// if grpc and database
package com.example.sampleitem.catalog;

import com.example.contracts.sampleitem.v1.GetSampleItemRequest;
import com.example.contracts.sampleitem.v1.SampleItemServiceGrpc;
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
class SampleItemGrpcServiceIntegrationTests {

	private final ManagedChannel channel;

	private final SampleItems sampleItems;

	SampleItemGrpcServiceIntegrationTests(GrpcServerLifecycle server, SampleItems sampleItems) {
		channel = ManagedChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
		this.sampleItems = sampleItems;
	}

	@AfterEach
	void closeChannel() {
		channel.shutdownNow();
	}

	@Test
	void aSampleItemIsReturnedById() {
		var sampleItem = get(sampleItems.create(new NewSampleItem("one")).id());
		assertThat(sampleItem.getName()).isEqualTo("one");
		assertThat(sampleItem.getCreatedAt().getSeconds()).isPositive();
	}

	@Test
	void anUnknownSampleItemIsNotFound() {
		StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, () -> get(0));
		assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(GrpcErrors.badFields(error)).containsEntry("sample_item_id", "no sample item has the id 0");
	}

	private com.example.contracts.sampleitem.v1.SampleItem get(long id) {
		return SampleItemServiceGrpc.newBlockingStub(channel)
			.getSampleItem(GetSampleItemRequest.newBuilder().setSampleItemId(id).build())
			.getSampleItem();
	}

}
// end
