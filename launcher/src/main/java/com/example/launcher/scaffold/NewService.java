package com.example.launcher.scaffold;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.example.launcher.build.ApplicationPorts;
import com.example.launcher.build.Workspace;
import com.example.launcher.process.LocalSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A service that is made from the one that is kept for that purpose, with some of its
 * capabilities and another name. In the files that list services it stands behind an
 * older one, whose lines it takes over.
 */
final class NewService {

	/** The service that is copied. */
	static final String SAMPLE = "launcher/sample-item-service";

	/** Files that say something about each service. */
	static final List<String> LISTS = List.of("pom.xml", "system-tests/pom.xml", "docker-compose.yml",
			"k8s/base/kustomization.yaml", "k8s/overlays/local/kustomization.yaml", "k8s/overlays/local/postgres.yaml",
			"k8s/overlays/prod/kustomization.yaml", "config-repo/Kustomization", ".vscode/launch.json",
			".vscode/tasks.json");

	/** Files that each service has one of. */
	static final List<String> OWN_FILES = List.of("k8s/base/%s.yaml", "k8s/overlays/prod/%s.yaml", ".run/%s.run.xml");

	private static final ServiceName CALLED = new ServiceName("user");

	private static final Contract CALLED_METHOD = new Contract("UserService", "GetUser", "GetUserRequest",
			"GetUserResponse");

	private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);$");

	private static final int FIRST_PORT = 8081;

	private static final int GRPC_ABOVE_HTTP = 1000;

	private final WorkTree tree;

	private final Workspace workspace;

	private final ServiceName name;

	private final Set<Capability> capabilities;

	private final @Nullable ServiceName called;

	private final int port;

	/**
	 * @param called the service that it calls, {@code null} for none
	 */
	NewService(WorkTree tree, Workspace workspace, ServiceName name, Set<Capability> capabilities,
			@Nullable ServiceName called) {
		this.tree = tree;
		this.workspace = workspace;
		this.name = name;
		this.called = called;
		this.capabilities = EnumSet.copyOf(capabilities);
		if (capabilities.contains(Capability.JOBS)) {
			this.capabilities.add(Capability.DATABASE);
		}
		this.port = freePort();
	}

	/** Plans the files. */
	void plan() {
		requireFree();
		ServiceName older = older();
		Contract method = (called != null) ? Contract.firstOf(called, tree) : CALLED_METHOD;
		Set<String> names = capabilities.stream().map(Capability::toString).collect(Collectors.toSet());
		for (String file : tree.files(SAMPLE)) {
			String text = Sections.keep(tree.read(file), names);
			if (!text.isBlank()) {
				tree.write(renamed(target(file), method), renamed(text, method));
			}
		}
		for (String file : OWN_FILES) {
			String olders = file.formatted(older.service());
			if (tree.has(olders)) {
				tree.write(file.formatted(name.service()), likeOlder(tree.read(olders), older));
			}
		}
		for (String list : LISTS.stream().filter(tree::has).toList()) {
			tree.edit(list,
					(text) -> new Passages(text, older.service()).withCopies((passage) -> likeOlder(passage, older)));
		}
	}

	private void requireFree() {
		if (capabilities.contains(Capability.JOBS) && !tree.has("starters/scheduling")) {
			throw new LocalSystemException(
					"There is no starters/scheduling any more, which jobs need. Leave jobs out.");
		}
		for (String path : List.of("services/" + name.service(), Contract.folder(name),
				"config-repo/" + name.service() + ".yml")) {
			if (tree.has(path)) {
				throw new LocalSystemException(
						"There is %s already. Choose another name, or './dev remove service %s' first.".formatted(path,
								name.service()));
			}
		}
		String sources = ".*/src/main/java/%s/%s/.*".formatted(Names.of(tree).group().replace('.', '/'),
				name.packageName());
		if (tree.remaining().stream().anyMatch((file) -> file.matches(sources))) {
			throw new LocalSystemException("There is a package %s.%s already. Choose another name than %s."
				.formatted(Names.of(tree).group(), name.packageName(), name.service()));
		}
		Set<String> used = tree.files(SAMPLE)
			.stream()
			.flatMap((file) -> IMPORT.matcher(tree.read(file)).results())
			.map((MatchResult found) -> found.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
		for (String own : List.of(name.className(), name.pluralClassName())) {
			if (used.contains(own)) {
				throw new LocalSystemException("A class named %s is used by every service. Choose another name than %s."
					.formatted(own, name.service()));
			}
		}
	}

	/** An older service with a database and gRPC, whose lines in the lists are copied. */
	private ServiceName older() {
		return workspace.services()
			.stream()
			.sorted((one, other) -> Boolean.compare(other.equals(CALLED.service()), one.equals(CALLED.service())))
			.filter((service) -> service.endsWith("-service")
					&& tree.read("services/" + service + "/pom.xml").contains("<artifactId>postgresql</artifactId>")
					&& workspace.ports(service).grpc() != 0)
			.findFirst()
			.map((service) -> new ServiceName(service.replaceFirst("-service$", "")))
			.orElseThrow(() -> new LocalSystemException(
					"There is no service with a database and gRPC any more, from whose lines in docker-compose.yml and k8s/ those of another one could be made. 'git log -- k8s/base' shows when there was one."));
	}

	/** Where a file of the sample goes. */
	private static String target(String file) {
		String path = file.substring(SAMPLE.length() + 1);
		if (path.startsWith("src/main/protobuf/")) {
			return "contracts/" + path;
		}
		return path.equals("config.yml") ? "config-repo/" + ServiceName.SAMPLE.service() + ".yml"
				: "services/" + ServiceName.SAMPLE.service() + "/" + path;
	}

	private String renamed(String text, Contract method) {
		String changed = text;
		if (called != null) {
			changed = method.inPlaceOf(CALLED_METHOD, changed)
				.replace(CALLED.service(), called.service())
				.replace("contracts." + CALLED.packageName(), "contracts." + called.packageName())
				.replaceAll("(sampleitem[./])" + CALLED.packageName() + "\\b", "$1" + called.packageName());
		}
		changed = name.inPlaceOf(ServiceName.SAMPLE, changed)
			.replace("port: 18000", "port: " + port)
			.replace("port: 19000", "port: " + (port + GRPC_ABOVE_HTTP));
		return sortedImports(changed);
	}

	private String likeOlder(String text, ServiceName older) {
		ApplicationPorts ports = workspace.ports(older.service());
		return text.lines()
			.filter((line) -> capabilities.contains(Capability.DATABASE)
					|| !line.matches(".*(DATASOURCE|-database\\b|postgres:|configtree:|platform-database).*"))
			.filter((line) -> capabilities.contains(Capability.GRPC) || !line.matches("(?i).*grpc.*"))
			.map((line) -> line.replace(older.service(), name.service())
				.replace(older.snake() + "_service", name.snake() + "_service")
				.replace(older.application(), name.application())
				.replaceAll("\\b%d\\b".formatted(ports.http()), String.valueOf(port))
				.replaceAll("\\b%d\\b".formatted(ports.grpc()), String.valueOf(port + GRPC_ABOVE_HTTP)) + "\n")
			.collect(Collectors.joining());
	}

	/** Another name may belong at another place. */
	static String sortedImports(String text) {
		return Arrays.stream(text.split("(?<=\n)(?=\n)"))
			.map((block) -> block.lines()
				.filter((line) -> !line.isEmpty())
				.allMatch((line) -> line.startsWith("import "))
						? block.lines()
							.sorted(Comparator.comparing((line) -> line.replace(";", "")))
							.collect(Collectors.joining("\n", "", "\n"))
						: block)
			.collect(Collectors.joining());
	}

	private int freePort() {
		Set<Integer> used = Stream.concat(Stream.of("gateway", "config-server"), workspace.services().stream())
			.filter(workspace::has)
			.map(workspace::ports)
			.flatMap((ports) -> Stream.of(ports.http(), ports.grpc(), ports.management()))
			.collect(Collectors.toSet());
		return IntStream.iterate(FIRST_PORT, (candidate) -> candidate + 1)
			.filter((candidate) -> !used.contains(candidate) && !used.contains(candidate + GRPC_ABOVE_HTTP))
			.findFirst()
			.orElseThrow();
	}

}
