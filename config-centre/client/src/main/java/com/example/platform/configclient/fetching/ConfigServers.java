package com.example.platform.configclient.fetching;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;

import com.example.platform.configclient.revision.RevisionContent;
import com.example.platform.configprotocol.Json;
import com.example.platform.consul.BoundedBody;
import com.example.platform.consul.Consul;
import com.example.platform.consul.HealthEntry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.cloud.config.client.ConfigClientProperties;
import org.springframework.cloud.config.client.ConfigClientProperties.Credentials;
import org.springframework.cloud.config.client.ConfigClientRequestTemplateFactory;
import org.springframework.cloud.config.environment.Environment;
import org.springframework.cloud.configuration.SSLContextFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The config servers: the one that gave something last, then those that Consul lists as
 * passing, in random order, then those that {@code spring.cloud.config.uri} names. Obeys
 * {@code spring.cloud.config.*} of Spring Cloud Config's own client for credentials,
 * headers, TLS and timeouts. Safe for use by several threads.
 */
public final class ConfigServers {

	private static final Log log = LogFactory.getLog(ConfigServers.class);

	private static final DataSize LARGEST = DataSize.ofMegabytes(16);

	private final ConfigClientProperties properties;

	private final ConfigClientRequestTemplateFactory templates;

	private final HttpClient http;

	private final BodyHandler<String> body;

	private final @Nullable Consul consul;

	private final Random random;

	// Where it is need not be looked up while it answers.
	private volatile @Nullable Server last;

	/**
	 * Creates access to the servers.
	 * @param properties configuration of Spring Cloud Config's client
	 * @param consul where the servers are looked up; {@code null} for nowhere
	 * @param random order of the servers
	 */
	public ConfigServers(ConfigClientProperties properties, @Nullable Consul consul, Random random) {
		this.properties = properties;
		this.templates = new ConfigClientRequestTemplateFactory(log, properties);
		this.http = client(properties);
		this.body = BoundedBody.of(BodyHandlers.ofString(), Duration.ofMillis(properties.getRequestReadTimeout()),
				LARGEST);
		this.consul = consul;
		this.random = random;
	}

	private static HttpClient client(ConfigClientProperties properties) {
		HttpClient.Builder client = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NORMAL)
			.connectTimeout(Duration.ofMillis(properties.getRequestConnectTimeout()));
		if (properties.getTls().isEnabled()) {
			try {
				client.sslContext(new SSLContextFactory(properties.getTls()).createSSLContext());
			}
			catch (GeneralSecurityException | IOException ex) {
				throw new IllegalStateException(
						"The keys in spring.cloud.config.tls cannot be used: " + ex.getMessage(), ex);
			}
		}
		return client.build();
	}

	/**
	 * Fetches what a revision says to a service.
	 * @param service name of the service
	 * @param profiles its active profiles, separated by commas
	 * @param revision the revision; {@code null} for the one that is to start with
	 * @return the effective properties
	 * @throws ConfigServerUnavailableException when no server gives it
	 */
	public RevisionContent fetch(String service, String profiles, @Nullable String revision) {
		List<String> failures = new ArrayList<>();
		Server known = last;
		if (known != null) {
			RevisionContent content = fetch(known, service, profiles, revision, failures);
			if (content != null) {
				return content;
			}
		}
		for (Server server : servers()) {
			RevisionContent content = server.equals(known) ? null
					: fetch(server, service, profiles, revision, failures);
			if (content != null) {
				last = server;
				return content;
			}
		}
		last = null;
		throw new ConfigServerUnavailableException(failures);
	}

	private @Nullable RevisionContent fetch(Server server, String service, String profiles, @Nullable String revision,
			List<String> failures) {
		try {
			HttpResponse<String> response = http.send(request(server, service, profiles, revision), body);
			if (response.statusCode() == HttpStatus.OK.value()) {
				return RevisionContent.of(Json.read(response.body(), Environment.class));
			}
			failures.add(server.uri + (response.statusCode() == HttpStatus.NOT_FOUND.value() && revision != null
					? " does not know revision " + revision : ": " + problem(response)));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			failures.add(server.uri + ": interrupted");
		}
		catch (IOException | IllegalArgumentException ex) {
			failures.add(server.uri + ": " + Objects.requireNonNullElse(ex.getMessage(), ex.toString()));
		}
		catch (JacksonException ex) {
			failures.add(server.uri + " answers with what is no configuration");
		}
		return null;
	}

	private HttpRequest request(Server server, String service, String profiles, @Nullable String revision) {
		UriComponentsBuilder uri = UriComponentsBuilder.fromUriString(server.uri).pathSegment(service, profiles);
		if (revision != null) {
			uri.pathSegment(revision);
		}
		HttpRequest.Builder request = HttpRequest.newBuilder(uri.encode().build().toUri())
			.timeout(Duration.ofMillis(properties.getRequestReadTimeout()))
			.header(HttpHeaders.ACCEPT, properties.getMediaType());
		HttpHeaders headers = new HttpHeaders();
		templates.addAuthorizationToken(headers, server.username, server.password);
		headers.forEach((name, values) -> values.forEach((value) -> request.header(name, value)));
		properties.getHeaders().forEach((name, value) -> {
			if (!name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION)) {
				request.header(name, value);
			}
		});
		return request.build();
	}

	private static String problem(HttpResponse<String> response) {
		try {
			String detail = Json.read(response.body(), Refusal.class).detail;
			return (detail != null) ? detail : "HTTP " + response.statusCode();
		}
		catch (JacksonException ex) {
			return "HTTP " + response.statusCode();
		}
	}

	private List<Server> servers() {
		List<Server> servers = new ArrayList<>();
		String[] uris = properties.getUri();
		Credentials credentials = properties.getCredentials(0);
		for (String uri : registered()) {
			servers.add(new Server(uri, credentials.getUsername(), credentials.getPassword()));
		}
		for (int i = 0; i < uris.length; i++) {
			Credentials own = properties.getCredentials(i);
			if (servers.stream().noneMatch((server) -> server.uri.equals(own.getUri()))) {
				servers.add(new Server(own.getUri(), own.getUsername(), own.getPassword()));
			}
		}
		return servers;
	}

	private List<String> registered() {
		if (consul == null) {
			return List.of();
		}
		try {
			List<String> uris = new ArrayList<>(consul.health()
				.passing(properties.getDiscovery().getServiceId())
				.join()
				.stream()
				.map(ConfigServers::uri)
				.toList());
			Collections.shuffle(uris, random);
			return uris;
		}
		catch (CompletionException ex) {
			log.debug("Consul does not tell where the config servers are", ex);
			return List.of();
		}
	}

	private static String uri(HealthEntry server) {
		boolean secure = Boolean.parseBoolean(server.service().metadata().get("secure"));
		return (secure ? "https://" : "http://") + server.host() + ":" + server.service().port();
	}

	private record Refusal(@Nullable String detail) {
	}

	private record Server(String uri, @Nullable String username, @Nullable String password) {
	}

}
