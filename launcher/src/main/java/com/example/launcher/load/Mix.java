package com.example.launcher.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests drawn by weight from the templates of a file, and what is sent once before
 * them. Values of answers are kept, and drawn from for the requests that need them.
 * Thread-safe.
 */
public final class Mix implements Supplier<Request> {

	/** Of each name; the newest take the place of the oldest. */
	private static final int MOST_KEPT = 1_000;

	private static final JsonMapper JSON = new JsonMapper();

	private final List<Template> prepare;

	private final List<Template> requests;

	private final int bodySize;

	private final Random random;

	private final Map<String, List<String>> kept = new HashMap<>();

	private int keptBefore;

	private Mix(MixFile file, int bodySize, Random random) {
		this.prepare = file.prepare();
		this.requests = file.requests();
		this.bodySize = bodySize;
		this.random = random;
		if (bodySize > 0 && requests.stream().allMatch((request) -> request.body().isEmpty())) {
			throw new LocalSystemException(
					"The mix has no request with a body that --body could enlarge. Use --mix orders.");
		}
	}

	/**
	 * Reads a mix.
	 * @param name {@code reads}, {@code orders}, or a file
	 * @param bodySize bytes that each body has at least: blanks are added to those that
	 * have fewer
	 * @param random draws requests and values
	 * @throws LocalSystemException if it cannot be read, with file, line and remedy
	 */
	public static Mix of(String name, int bodySize, Random random) {
		try (InputStream known = name.matches("reads|orders") ? Mix.class.getResourceAsStream(name + ".yml")
				: Files.newInputStream(Path.of(name))) {
			String text = new String(Objects.requireNonNull(known).readAllBytes(), StandardCharsets.UTF_8);
			return new Mix(MixFile.read(name, text), bodySize, random);
		}
		catch (IOException ex) {
			throw new LocalSystemException("The mix %s cannot be read (%s). Use reads, orders or a file of requests."
				.formatted(name, ex.getClass().getSimpleName()), ex);
		}
	}

	/**
	 * Sends what is needed first, one after the other.
	 * @throws LocalSystemException if any of it does not succeed
	 */
	public void prepare(Connections connections) {
		for (Template template : prepare) {
			for (int i = 0; i < template.number(); i++) {
				Request request = Objects.requireNonNull(filled(template), template.place());
				Answer answer = connections.send(request).join();
				if (!answer.isOk() || !keep(template, answer)) {
					throw new LocalSystemException("%s: %s %s cannot prepare the load: %s %s"
						.formatted(template.place(), request.method(), request.path(), answer.outcome(), answer.body())
						.strip());
				}
			}
		}
	}

	/**
	 * Draws a request. One that needs a value which no answer has given yet has to wait.
	 */
	@Override
	public synchronized Request get() {
		List<Template> left = new ArrayList<>(requests);
		while (!left.isEmpty()) {
			Template drawn = draw(left);
			Request request = filled(drawn);
			if (request != null) {
				return drawn.keep().isEmpty() ? request : request.whenAnswered((answer) -> keep(drawn, answer));
			}
			left.remove(drawn);
		}
		throw new IllegalStateException("No request can be sent");
	}

	private Template draw(List<Template> templates) {
		int ticket = random.nextInt(templates.stream().mapToInt(Template::number).sum());
		int next = 0;
		while (ticket >= templates.get(next).number()) {
			ticket -= templates.get(next++).number();
		}
		return templates.get(next);
	}

	private synchronized @Nullable Request filled(Template template) {
		Map<String, String> values = new HashMap<>();
		for (String name : template.needs()) {
			List<String> choice = name.equals(Template.UNIQUE) ? List.of(UUID.randomUUID().toString())
					: kept.getOrDefault(name, List.of());
			if (choice.isEmpty()) {
				return null;
			}
			values.put(name, choice.get(random.nextInt(choice.size())));
		}
		return template.fill(values, bodySize);
	}

	/** Keeps values of an answer, if it has all of them. */
	private synchronized boolean keep(Template template, Answer answer) {
		if (template.keep().isEmpty() || !answer.isOk()) {
			return answer.isOk();
		}
		try {
			JsonNode json = JSON.readTree(answer.body());
			for (Map.Entry<String, String> each : template.keep().entrySet()) {
				JsonNode value = json.at(each.getValue());
				if (!value.isValueNode()) {
					return false;
				}
				List<String> values = kept.computeIfAbsent(each.getKey(), (name) -> new ArrayList<>());
				if (values.size() < MOST_KEPT) {
					values.add(value.asString());
				}
				else {
					values.set(keptBefore++ % MOST_KEPT, value.asString());
				}
			}
			return true;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

}
