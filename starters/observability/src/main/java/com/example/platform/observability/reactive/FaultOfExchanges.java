package com.example.platform.observability.reactive;

import com.example.platform.defaults.Fault;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/**
 * Has the metrics of HTTP requests say whose fault it was that a request was not served.
 */
public final class FaultOfExchanges implements ObservationFilter {

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof ServerRequestObservationContext request) {
			context.addLowCardinalityKeyValue(KeyValue.of(Fault.TAG, fault(request).tag()));
		}
		return context;
	}

	private static Fault fault(ServerRequestObservationContext request) {
		ServerHttpResponse response = request.getResponse();
		HttpStatusCode status = (response != null) ? response.getStatusCode() : null;
		if (request.isConnectionAborted()) {
			return Fault.CALLER;
		}
		return (response == null || status == null) ? Fault.NONE
				: Fault.ofHttp(status.value(), response.getHeaders().containsHeader(HttpHeaders.RETRY_AFTER));
	}

}
