package com.example.platform.observability;

import java.util.Map;

import com.example.platform.observability.reactive.FaultOfExchanges;
import com.example.platform.observability.servlet.FaultOfRequests;
import io.micrometer.common.KeyValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class FaultTagTests {

	@ParameterizedTest
	@CsvSource({ "200, false, none", "406, false, caller", "501, false, caller", "500, true, instance",
			"503, false, instance", "503, true, dependency", "504, false, dependency" })
	void metricsSayWhoseFaultItWas(int status, boolean retryAfter, String fault) {
		MockHttpServletResponse servlet = new MockHttpServletResponse();
		MockServerHttpResponse reactive = new MockServerHttpResponse();
		servlet.setStatus(status);
		reactive.setStatusCode(HttpStatusCode.valueOf(status));
		if (retryAfter) {
			servlet.setHeader("Retry-After", "1");
			reactive.getHeaders().add("Retry-After", "1");
		}
		KeyValue expected = KeyValue.of("fault", fault);
		assertThat(new FaultOfRequests().map(new ServerRequestObservationContext(new MockHttpServletRequest(), servlet))
			.getLowCardinalityKeyValue("fault")).isEqualTo(expected);
		assertThat(new FaultOfExchanges()
			.map(new org.springframework.http.server.reactive.observation.ServerRequestObservationContext(
					MockServerHttpRequest.get("/").build(), reactive, Map.of()))
			.getLowCardinalityKeyValue("fault")).isEqualTo(expected);
	}

}
