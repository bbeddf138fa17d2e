package com.example.platform.observability.servlet;

import com.example.platform.defaults.Fault;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * Has the metrics of HTTP requests say whose fault it was that a request was not served.
 */
public final class FaultOfRequests implements ObservationFilter {

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof ServerRequestObservationContext request) {
			context.addLowCardinalityKeyValue(KeyValue.of(Fault.TAG, fault(request.getResponse()).tag()));
		}
		return context;
	}

	private static Fault fault(@Nullable HttpServletResponse response) {
		return (response == null) ? Fault.NONE
				: Fault.ofHttp(response.getStatus(), response.containsHeader(HttpHeaders.RETRY_AFTER));
	}

}
