package com.example.launcher.scaffold;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.example.launcher.process.LocalSystemException;

/**
 * A method that a service offers over gRPC.
 *
 * @param service name of the service in its contract, such as {@code UserService}
 * @param method name of a unary method, such as {@code GetUser}
 * @param request name of the message that is sent
 * @param response name of the message that comes back
 */
record Contract(String service, String method, String request, String response) {

	private static final String FOLDER = "contracts/src/main/protobuf/";

	// In one service: what comes before the method is not the beginning of another.
	private static final Pattern METHOD = Pattern
		.compile("(?s)\\bservice (\\w+) \\{((?!\\bservice \\w+ \\{).)*?\\brpc (\\w+)\\((\\w+)\\) returns \\((\\w+)\\)");

	/** Where the contract of a service is. */
	static String folder(ServiceName service) {
		return FOLDER + service.snake();
	}

	/** The files of a service's contract, first the one that is called like it. */
	static List<String> files(ServiceName service, WorkTree tree) {
		String main = "/" + service.snake() + ".proto";
		return tree.files(folder(service))
			.stream()
			.sorted(Comparator.comparing((String file) -> !file.endsWith(main)))
			.toList();
	}

	/**
	 * Reads the first unary method of a service, of the file that is called like it if
	 * there is one.
	 * @throws LocalSystemException if there is none
	 */
	static Contract firstOf(ServiceName service, WorkTree tree) {
		return files(service, tree).stream()
			.map((file) -> METHOD.matcher(tree.read(file).replaceAll("(?m)//.*$", "")))
			.filter(Matcher::find)
			.map((found) -> new Contract(found.group(1), found.group(3), found.group(4), found.group(5)))
			.findFirst()
			.orElseThrow(() -> new LocalSystemException("%s has no method to call in %s. Services with one: %s."
				.formatted(service.service(), folder(service),
						String.join(", ",
								tree.files(FOLDER.substring(0, FOLDER.length() - 1))
									.stream()
									.map((file) -> file.substring(FOLDER.length()).replaceFirst("/.*", ""))
									.distinct()
									.map((name) -> name.replace('_', '-') + "-service")
									.toList()))));
	}

	/** Name of the class that calls it, such as {@code GrpcUserClient}. */
	String client() {
		return "Grpc" + service.replaceFirst("Service$", "") + "Client";
	}

	/** Writes a text that calls another contract so that it calls this one. */
	String inPlaceOf(Contract other, String text) {
		Map<String, String> names = Map.of(other.client(), client(), other.service, service, other.request, request,
				other.response, response, other.method, method, name(other.method), name(method));
		// In one pass, the longest first: one name may be the beginning of another.
		Pattern any = Pattern.compile(names.keySet()
			.stream()
			.sorted(Comparator.comparing(String::length).reversed())
			.collect(Collectors.joining("|")));
		return any.matcher(text).replaceAll((found) -> names.getOrDefault(found.group(), ""));
	}

	private static String name(String method) {
		return method.substring(0, 1).toLowerCase(Locale.ROOT) + method.substring(1);
	}

}
