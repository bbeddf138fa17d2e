// if grpc
package com.example.sampleitem.greeting;

import com.example.contracts.sampleitem.v1.GreetRequest;
import com.example.contracts.sampleitem.v1.GreetResponse;
import com.example.contracts.sampleitem.v1.GreetingServiceGrpc;
import com.example.platform.grpc.server.Blocking;
import io.grpc.stub.StreamObserver;

import org.springframework.grpc.server.service.GrpcService;

/**
 * The greeting over gRPC, as {@code sample_item/v1/greeting.proto} says.
 */
@Blocking
@GrpcService
class GreetingGrpcService extends GreetingServiceGrpc.GreetingServiceImplBase {

	private final Greetings greetings;

	GreetingGrpcService(Greetings greetings) {
		this.greetings = greetings;
	}

	@Override
	public void greet(GreetRequest request, StreamObserver<GreetResponse> responses) {
		responses.onNext(GreetResponse.newBuilder().setGreeting(greetings.greet(request.getName())).build());
		responses.onCompleted();
	}

}
// end
