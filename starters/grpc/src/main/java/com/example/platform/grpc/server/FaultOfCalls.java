package com.example.platform.grpc.server;

import com.example.platform.defaults.Fault;
import com.example.platform.defaults.grpc.GrpcFaults;
import io.grpc.Status;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.binder.grpc.GrpcObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.core.instrument.binder.grpc.GrpcServerObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;

/**
 * Has the metrics of gRPC calls say whose fault it was that a call was not served.
 */
public final class FaultOfCalls implements ObservationFilter {

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof GrpcServerObservationContext call) {
			Status.Code code = call.getStatusCode();
			if (code == null) {
				// The caller went away or its deadline passed before anything was sent;
				// Micrometer would say UNKNOWN.
				code = Status.Code.CANCELLED;
				call.addLowCardinalityKeyValue(LowCardinalityKeyNames.STATUS_CODE.withValue(code.name()));
			}
			call.addLowCardinalityKeyValue(KeyValue.of(Fault.TAG, GrpcFaults.of(code, call.getTrailers()).tag()));
		}
		return context;
	}

}
