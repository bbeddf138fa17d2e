// if grpc and database
package com.example.sampleitem.catalog;

import java.time.Instant;

import com.example.contracts.sampleitem.v1.GetSampleItemRequest;
import com.example.contracts.sampleitem.v1.GetSampleItemResponse;
import com.example.contracts.sampleitem.v1.SampleItemServiceGrpc;
import com.example.platform.grpc.server.Blocking;
import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;

import org.springframework.grpc.server.service.GrpcService;

/**
 * Sample items over gRPC, as {@code sample_item/v1/sample_item.proto} says.
 */
@Blocking
@GrpcService
class SampleItemGrpcService extends SampleItemServiceGrpc.SampleItemServiceImplBase {

	private final SampleItems sampleItems;

	SampleItemGrpcService(SampleItems sampleItems) {
		this.sampleItems = sampleItems;
	}

	@Override
	public void getSampleItem(GetSampleItemRequest request, StreamObserver<GetSampleItemResponse> responses) {
		SampleItem sampleItem = sampleItems.get(request.getSampleItemId());
		responses.onNext(GetSampleItemResponse.newBuilder().setSampleItem(message(sampleItem)).build());
		responses.onCompleted();
	}

	private static com.example.contracts.sampleitem.v1.SampleItem message(SampleItem sampleItem) {
		Instant createdAt = sampleItem.createdAt();
		return com.example.contracts.sampleitem.v1.SampleItem.newBuilder()
			.setId(sampleItem.id())
			.setName(sampleItem.name())
			.setCreatedAt(Timestamp.newBuilder().setSeconds(createdAt.getEpochSecond()).setNanos(createdAt.getNano()))
			.build();
	}

}
// end
