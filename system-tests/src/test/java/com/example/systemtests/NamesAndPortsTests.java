package com.example.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One name and one port for an application everywhere: its folder,
 * {@code spring.application.name}, {@code docker-compose.yml}, {@code k8s/} and
 * {@code config-repo/}.
 */
@NullUnmarked // the API says that nearly everything may be missing; where it is, the test
				// fails
class NamesAndPortsTests {

	private static final String CONFIG_SERVER = "config-centre/server";

	/**
	 * The folders of all applications.
	 */
	static Stream<String> applications() throws IOException {
		try (Stream<Path> services = Files.list(Repository.path("services"))) {
			List<String> folders = services.filter((folder) -> Files.exists(folder.resolve("pom.xml")))
				.map((folder) -> "services/" + folder.getFileName())
				.sorted()
				.toList();
			return Stream.concat(
					Stream.of(CONFIG_SERVER, "gateway").filter((folder) -> Files.exists(Repository.path(folder))),
					folders.stream());
		}
	}

	static Stream<String> services() throws IOException {
		return applications().filter((folder) -> folder.startsWith("services/"));
	}

	static Stream<String> servicesWithGrpc() throws IOException {
		return services()
			.filter((folder) -> spring(folder).get("grpc") instanceof Map<?, ?> grpc && grpc.containsKey("server"));
	}

	static Stream<String> servicesWithDatabase() throws IOException {
		return services().filter((folder) -> spring(folder).containsKey("datasource"));
	}

	@ParameterizedTest
	@MethodSource("applications")
	void theNameIsTheSameEverywhere(String folder) {
		String name = name(folder);
		assertThat(Repository.get(configuration(folder), "spring", "application", "name")).isEqualTo(name);
		assertThat(Repository.get(ComposeTests.service(name), "build", "args", "APPLICATION")).isEqualTo(folder);
		assertThat(container(name).getName()).isEqualTo(name);
		assertThat(container(name).getImage()).isEqualTo(name);
	}

	@ParameterizedTest
	@MethodSource("applications")
	void theHttpPortIsTheSameEverywhere(String folder) {
		Object port = Repository.get(configuration(folder), "server", "port");
		assertThat(composeVariable(folder, "SERVER_PORT")).isEqualTo(port);
		assertThat(kubernetesVariable(folder, "SERVER_PORT")).isEqualTo(port.toString());
		assertThat(kubernetesPort(folder, "http")).isEqualTo(port);
	}

	@ParameterizedTest
	@MethodSource("servicesWithGrpc")
	void theGrpcPortIsTheSameEverywhere(String folder) {
		Object port = Repository.get(configuration(folder), "spring", "grpc", "server", "port");
		assertThat(composeVariable(folder, "SPRING_GRPC_SERVER_PORT")).isEqualTo(port);
		assertThat(kubernetesVariable(folder, "SPRING_GRPC_SERVER_PORT")).isEqualTo(port.toString());
		assertThat(kubernetesPort(folder, "grpc")).isEqualTo(port);
	}

	@Test
	void noTwoApplicationsHaveTheSamePort() throws IOException {
		Stream<Object> http = applications().map((folder) -> Repository.get(configuration(folder), "server", "port"));
		Stream<Object> grpc = servicesWithGrpc()
			.map((folder) -> Repository.get(configuration(folder), "spring", "grpc", "server", "port"));
		Object management = Repository.get(configuration("gateway"), "management", "server", "port");
		assertThat(Stream.concat(Stream.of(management), Stream.concat(http, grpc))).doesNotHaveDuplicates();
	}

	@Test
	void theManagementPortOfTheGatewayIsTheSameEverywhere() {
		Object port = Repository.get(configuration("gateway"), "management", "server", "port");
		assertThat(composeVariable("gateway", "MANAGEMENT_SERVER_PORT")).isEqualTo(port);
		assertThat(kubernetesVariable("gateway", "MANAGEMENT_SERVER_PORT")).isEqualTo(port.toString());
		assertThat(kubernetesPort("gateway", "management")).isEqualTo(port);
	}

	@ParameterizedTest
	@MethodSource("servicesWithDatabase")
	void theDatabaseIsNamedAfterTheService(String folder) {
		String name = name(folder);
		String database = name.replace('-', '_');
		assertThat(composeVariable(folder, "SPRING_DATASOURCE_URL"))
			.isEqualTo("jdbc:postgresql://postgres:5432/" + database);
		assertThat(composeVariable(folder, "SPRING_DATASOURCE_USERNAME")).isEqualTo(database);
		assertThat(Repository.list(Repository.get(ComposeTests.service("postgres"), "volumes"))).map(Object::toString)
			.contains(name + "-database:/databases/" + name);
		assertThat(container(name).getEnv())
			.filteredOn((variable) -> variable.getName().startsWith("SPRING_DATASOURCE_"))
			.extracting((variable) -> variable.getValueFrom().getSecretKeyRef().getName())
			.containsExactly(name + "-database", name + "-database", name + "-database");
		assertThat(container("postgres").getVolumeMounts())
			.anySatisfy((mount) -> assertThat(mount.getMountPath()).isEqualTo("/databases/" + name));
	}

	@Test
	void everyFileOfTheConfigRepositoryIsNamedAfterAnApplication() throws IOException {
		List<String> names = Stream.concat(applications().map(NamesAndPortsTests::name), Stream.of("application"))
			.toList();
		assertThat(Repository.yamlFiles("config-repo")).map((file) -> file.getFileName().toString())
			.isNotEmpty()
			.allSatisfy((file) -> assertThat(names).contains(file.replaceFirst("\\.ya?ml$", "")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "consul", "postgres" })
	void composeAndKubernetesRunTheSameVersion(String name) {
		assertThat(container(name).getImage()).isEqualTo(Repository.get(ComposeTests.service(name), "image"));
	}

	@Test
	void everyVariableOfThePlatformIsAKeyThatSomebodyObeys() throws IOException {
		Set<String> keys = new TreeSet<>();
		for (String module : List.of(CONFIG_SERVER, "config-centre/client", "gateway")) {
			Path metadata = Repository.path(module + "/target/classes/META-INF/spring-configuration-metadata.json");
			Assumptions.assumeTrue(Files.exists(metadata), module + " has not been built.");
			JsonParser.parseString(Files.readString(metadata))
				.getAsJsonObject()
				.getAsJsonArray("properties")
				.forEach((property) -> keys.add(property.getAsJsonObject().get("name").getAsString()));
		}
		List<String> known = keys.stream().map((key) -> key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")).toList();
		Stream<String> compose = ComposeTests.services()
			.map((name) -> ComposeTests.service(name).getOrDefault("environment", Map.of()))
			.flatMap((environment) -> Repository.map(environment).keySet().stream());
		Stream<String> kubernetes = Stream.of("local", "prod")
			.flatMap((overlay) -> KubernetesManifestTests.render(overlay).stream())
			.flatMap(NamesAndPortsTests::variables);
		assertThat(Stream.concat(compose, kubernetes).filter((name) -> name.startsWith("PLATFORM_")).distinct())
			.hasSizeGreaterThan(5)
			.isSubsetOf(known);
	}

	private static Stream<String> variables(KubernetesObject object) {
		if (object instanceof V1ConfigMap map && object.getMetadata().getName().startsWith("environment")) {
			return map.getData().keySet().stream();
		}
		return containers(object).flatMap((container) -> Stream.ofNullable(container.getEnv()).flatMap(List::stream))
			.map(V1EnvVar::getName);
	}

	static String name(String folder) {
		return folder.equals(CONFIG_SERVER) ? "config-server" : folder.substring(folder.lastIndexOf('/') + 1);
	}

	private static Map<String, Object> configuration(String folder) {
		return Repository.yaml(folder + "/src/main/resources/application.yml");
	}

	private static Map<String, Object> spring(String folder) {
		return Repository.map(Repository.get(configuration(folder), "spring"));
	}

	private static Object composeVariable(String folder, String variable) {
		return Repository.get(ComposeTests.service(name(folder)), "environment", variable);
	}

	private static String kubernetesVariable(String folder, String variable) {
		return container(name(folder)).getEnv()
			.stream()
			.filter((candidate) -> candidate.getName().equals(variable))
			.map(V1EnvVar::getValue)
			.findFirst()
			.orElseThrow();
	}

	private static Integer kubernetesPort(String folder, String port) {
		return container(name(folder)).getPorts()
			.stream()
			.filter((candidate) -> candidate.getName().equals(port))
			.map(V1ContainerPort::getContainerPort)
			.findFirst()
			.orElseThrow();
	}

	private static V1Container container(String name) {
		return KubernetesManifestTests.files()
			.flatMap((file) -> file.getPayload().stream())
			.flatMap(NamesAndPortsTests::containers)
			.filter((container) -> container.getName().equals(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No container '" + name + "' in k8s/"));
	}

	private static Stream<V1Container> containers(KubernetesObject object) {
		if (object instanceof V1Deployment deployment) {
			return deployment.getSpec().getTemplate().getSpec().getContainers().stream();
		}
		if (object instanceof V1StatefulSet set) {
			return set.getSpec().getTemplate().getSpec().getContainers().stream();
		}
		return Stream.empty();
	}

}
