// if grpc and database
package com.example.sampleitem.catalog;

import com.example.platform.grpc.GrpcErrors;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.stereotype.Component;

/**
 * What gRPC answers instead of a sample item. What any service may answer is mapped by
 * the starter.
 */
@Component
class GrpcSampleItemErrors implements GrpcExceptionHandler {

	@Override
	public @Nullable StatusException handleException(Throwable exception) {
		return (exception instanceof SampleItemNotFoundException)
				? GrpcErrors.of(Code.NOT_FOUND, "sample_item_id", String.valueOf(exception.getMessage())) : null;
	}

}
// end
