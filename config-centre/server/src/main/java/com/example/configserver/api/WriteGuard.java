package com.example.configserver.api;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets only those change the configuration who know the token. Without a token, only
 * processes of the same machine may. A webhook needs none: all that it does is to let the
 * server look at its repository.
 */
@Component
final class WriteGuard extends OncePerRequestFilter {

	private static final String WEBHOOK = "/config/webhook";

	private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

	private final @Nullable String token;

	private final JsonMapper json;

	WriteGuard(@Value("${platform.config-server.token:}") String token, JsonMapper json) {
		this.token = token.isEmpty() ? null : token;
		this.json = json;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		// Whatever the path looks like: it has more than one spelling.
		if (READING.contains(HttpMethod.valueOf(request.getMethod())) || request.getRequestURI().equals(WEBHOOK)
				|| isAllowed(request)) {
			chain.doFilter(request, response);
			return;
		}
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.UNAUTHORIZED, (token != null)
				? "Changing the configuration needs the config server's token, as Authorization: Bearer TOKEN."
				: "Only processes of the config server's own machine may change the configuration. To let others do so,"
						+ " start it with a token in PLATFORM_CONFIG_SERVER_TOKEN.");
		response.setStatus(problem.getStatus());
		response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		json.writeValue(response.getOutputStream(), problem);
	}

	private boolean isAllowed(HttpServletRequest request) throws IOException {
		if (token == null) {
			return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
		}
		String given = request.getHeader(HttpHeaders.AUTHORIZATION);
		// In constant time, or the time would tell how much of it was right.
		return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8),
				("Bearer " + token).getBytes(StandardCharsets.UTF_8));
	}

}
