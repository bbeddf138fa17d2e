package com.example.platform.web.tomcat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

import com.example.platform.web.ProblemMembers;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;

/**
 * Reports what Tomcat itself refuses, such as {@code /%00}, as problem details in place
 * of an HTML page.
 */
public final class ProblemReportValve extends ErrorReportValve {

	private final JsonMapper json = JsonMapper.builder()
		.addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
		.build();

	@Override
	protected void report(Request request, Response response, @Nullable Throwable failure) {
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status,
				status.is4xxClientError() ? "The request is not valid HTTP, or its path cannot be decoded."
						: "The request could not be processed.");
		ProblemMembers.complete(problem, request, response);
		try {
			response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			Writer writer = response.getReporter();
			if (writer != null) {
				writer.write(json.writeValueAsString(problem));
				response.finishResponse();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The caller has gone", ex);
		}
	}

}
