package com.example.gateway.problem;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/**
 * Writes problem details (RFC 9457) in the one shape, which is that of the services too:
 * {@code type}, {@code title}, {@code status}, {@code detail}, {@code instance},
 * {@code errors} if it is the request that is at fault, {@code requestId}, and
 * {@code traceId} if there is a trace.
 */
@Component
public final class ProblemBody {

	private static final URI NO_TYPE = URI.create("about:blank");

	private static final String TRACE_ID = "traceId";

	private final JsonMapper json;

	ProblemBody(JsonMapper json) {
		this.json = json;
	}

	/**
	 * Writes a problem.
	 * @param problem what is wrong
	 * @param path the path of the request
	 * @param requestId the id of the request
	 * @return JSON
	 */
	public byte[] write(ProblemDetail problem, String path, String requestId) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("type", Objects.requireNonNullElse(problem.getType(), NO_TYPE));
		members.put("title", String.valueOf(problem.getTitle()));
		members.put("status", problem.getStatus());
		members.put("detail", Objects.requireNonNullElse(problem.getDetail(), String.valueOf(problem.getTitle())));
		members.put("instance", path);
		members.putAll(Objects.requireNonNullElse(problem.getProperties(), Map.of()));
		members.put("requestId", requestId);
		// The one that stands in the log lines of the request.
		String traceId = MDC.get(TRACE_ID);
		if (traceId != null) {
			members.put(TRACE_ID, traceId);
		}
		return json.writeValueAsBytes(members);
	}

}
