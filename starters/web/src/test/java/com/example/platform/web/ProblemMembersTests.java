package com.example.platform.web;

import java.net.URI;
import java.util.Map;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.filter.ServerHttpObservationFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class ProblemMembersTests {

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/[x]");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	private final ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.NOT_FOUND);

	@Test
	void allMembersAreThereWhateverIsKnown() {
		ProblemMembers.complete(problem, request, response);
		assertThat(problem.getType()).isEqualTo(URI.create("about:blank"));
		assertThat(problem.getDetail()).isNotBlank();
		assertThat(problem.getInstance()).isEqualTo(URI.create("/api/%5Bx%5D"));
		assertThat(problem.getProperties())
			.isEqualTo(Map.of("requestId", String.valueOf(response.getHeader("X-Request-Id"))));
	}

	@Test
	void theIdThatTheRequestHasIsKept() {
		response.setHeader("X-Request-Id", "abc-123");
		ProblemMembers.complete(problem, request, response);
		assertThat(problem.getProperties()).containsEntry("requestId", "abc-123");
	}

	@Test
	void theTraceIsNamedEvenWhenItIsOver() {
		Span span = mock();
		TraceContext trace = mock();
		given(span.context()).willReturn(trace);
		given(trace.traceId()).willReturn("80f198ee56343ba864fe8b2a57d3eff7");
		TracingContext tracing = new TracingContext();
		tracing.setSpan(span);
		ServerRequestObservationContext observed = new ServerRequestObservationContext(request, response);
		observed.put(TracingContext.class, tracing);
		request.setAttribute(ServerHttpObservationFilter.class.getName() + ".context", observed);
		ProblemMembers.complete(problem, request, response);
		assertThat(problem.getProperties()).containsEntry("traceId", "80f198ee56343ba864fe8b2a57d3eff7");
	}

}
