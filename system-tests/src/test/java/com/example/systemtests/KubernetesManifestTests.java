package com.example.systemtests;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPeer;
import io.kubernetes.client.openapi.models.V1NetworkPolicyPort;
import io.kubernetes.client.openapi.models.V1NetworkPolicySpec;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1SecretKeySelector;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Proofs about the Kubernetes manifests: each file as it is written, and what kubectl
 * makes of the overlays.
 */
@NullUnmarked // the API says that nearly everything may be missing; where it is, the test
				// fails
class KubernetesManifestTests {

	/**
	 * The manifests as they are written. Patches are partial; they are looked at in what
	 * the overlays render.
	 */
	static Stream<Named<List<KubernetesObject>>> files() {
		Set<Path> patches = Repository.yamlFiles("k8s")
			.stream()
			.filter(KubernetesManifestTests::isKustomization)
			.flatMap((file) -> patches(file).stream())
			.collect(Collectors.toSet());
		return Repository.yamlFiles("k8s")
			.stream()
			.filter((file) -> !isKustomization(file) && !patches.contains(file))
			.map((file) -> Named.of(Repository.path("k8s").relativize(file).toString(), parse(Repository.read(file))));
	}

	private static boolean isKustomization(Path file) {
		return file.endsWith("kustomization.yaml");
	}

	private static List<Path> patches(Path kustomization) {
		Map<String, Object> content = Repository.yamlDocuments(Repository.read(kustomization)).get(0);
		return Repository.list(content.getOrDefault("patchesStrategicMerge", List.of()))
			.stream()
			.map((patch) -> kustomization.resolveSibling(patch.toString()))
			.toList();
	}

	private static List<KubernetesObject> parse(String manifests) {
		return Repository.yamlDocuments(manifests).stream().map(KubernetesTypes::convert).toList();
	}

	static List<KubernetesObject> render(String overlay) {
		Tool.Result result = Tool.onPath("kubectl", "kubernetes-client")
			.run("kustomize", Repository.path("k8s/overlays/" + overlay).toString());
		assertThat(result.exitCode()).as(result.errors()).isZero();
		return parse(result.output());
	}

	@ParameterizedTest
	@MethodSource("files")
	void everyFileIsValidAndSafe(List<KubernetesObject> objects) {
		assertThat(objects).isNotEmpty();
		assertSafe(objects);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { //
			"runAsNonRoot: true                | runAsNonRoot: false", //
			"runAsUser: 10001                  | runAsUser: 0", //
			"type: RuntimeDefault              | type: Unconfined", //
			"allowPrivilegeEscalation: false   | allowPrivilegeEscalation: true", //
			"readOnlyRootFilesystem: true      | readOnlyRootFilesystem: false", //
			"drop: [ALL]                       | drop: [NET_RAW]", //
			"limits: { memory: 512Mi }         | limits: { memory: 1Gi }", //
			"requests: { cpu: 250m,            | requests: {", //
			"terminationGracePeriodSeconds: 60 | terminationGracePeriodSeconds: 5" })
	void whatIsNotSafeIsNoticed(String text, String replacement) {
		String manifest = Repository.read(Repository.path("k8s/base/user-service.yaml"));
		String unsafe = manifest.replace(text, replacement);
		assertThat(unsafe).isNotEqualTo(manifest);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertSafe(parse(unsafe)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "local", "prod" })
	void everyOverlayIsCompleteAndSafe(String overlay) {
		List<KubernetesObject> objects = render(overlay);
		assertSafe(objects);
		assertThat(objects).allSatisfy((object) -> {
			if (!(object instanceof V1Namespace)) {
				assertThat(object.getMetadata().getNamespace()).isEqualTo("platform");
			}
		});
		assertThat(containers(objects))
			.allSatisfy((container) -> assertThat(container.getImage()).as(container.getName())
				.matches(".+:.+")
				.doesNotEndWith(":latest"));
		assertThat(objects).filteredOn(V1Namespace.class::isInstance)
			.singleElement()
			.satisfies((namespace) -> assertThat(namespace.getMetadata().getLabels())
				.containsEntry("pod-security.kubernetes.io/enforce", "restricted"));
	}

	/** Which lets it end when it runs out of memory. */
	@ParameterizedTest
	@MethodSource("com.example.systemtests.ComposeTests#applications")
	void everyApplicationStartsAsItsImageSays(String name) {
		assertThat(containers(parse(Repository.read(Repository.path("k8s/base/" + name + ".yaml"))))).singleElement()
			.satisfies((container) -> assertThat(container.getCommand()).isNullOrEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "local", "prod" })
	void whatAnObjectRefersToIsThere(String overlay) {
		List<KubernetesObject> objects = render(overlay);
		Set<String> configMaps = names(objects, V1ConfigMap.class);
		Set<String> accounts = objects.stream()
			.filter((object) -> object.getKind().equals("ServiceAccount"))
			.map((object) -> object.getMetadata().getName())
			.collect(Collectors.toSet());
		Map<String, V1PodTemplateSpec> pods = pods(objects);
		assertThat(pods).isNotEmpty().allSatisfy((name, pod) -> {
			assertThat(accounts).contains(pod.getSpec().getServiceAccountName());
			assertThat(mentionedConfigMaps(pod)).isSubsetOf(configMaps);
			assertThat(mentionedClaims(pod)).isSubsetOf(names(objects, V1PersistentVolumeClaim.class));
		});
		for (KubernetesObject object : objects) {
			if (object instanceof V1Service service) {
				assertThat(pods.values()).as("pods of service " + service.getMetadata().getName())
					.anySatisfy((pod) -> assertThat(pod.getMetadata().getLabels())
						.containsAllEntriesOf(service.getSpec().getSelector()));
			}
			if (object instanceof V1PodDisruptionBudget budget) {
				assertThat(pods.values()).as("pods of budget " + budget.getMetadata().getName())
					.anySatisfy((pod) -> assertThat(pod.getMetadata().getLabels())
						.containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels()));
			}
			if (object instanceof V2HorizontalPodAutoscaler autoscaler) {
				assertThat(names(objects, V1Deployment.class))
					.contains(autoscaler.getSpec().getScaleTargetRef().getName());
			}
		}
	}

	@Test
	void theConfigServerGetsEveryFileOfTheConfigRepository() {
		Set<String> files = Repository.yamlFiles("config-repo")
			.stream()
			.map((file) -> file.getFileName().toString())
			.collect(Collectors.toSet());
		Map<String, Object> kustomization = Repository.yaml("config-repo/Kustomization");
		Object generator = Repository.list(Repository.get(kustomization, "configMapGenerator")).get(0);
		assertThat(Repository.list(Repository.get(Repository.map(Objects.requireNonNull(generator)), "files")))
			.map(Object::toString)
			.containsExactlyInAnyOrderElementsOf(files);
	}

	@Test
	void consulIsAClusterThatSurvivesTheLossOfOneServer() {
		V1StatefulSet consul = files().flatMap((file) -> file.getPayload().stream())
			.filter((object) -> object instanceof V1StatefulSet && object.getMetadata().getName().equals("consul"))
			.map(V1StatefulSet.class::cast)
			.findFirst()
			.orElseThrow();
		assertThat(consul.getSpec().getReplicas()).isEqualTo(3);
		assertThat(consul.getSpec().getTemplate().getSpec().getContainers().get(0).getArgs())
			.contains("-server", "-bootstrap-expect=3")
			.filteredOn((argument) -> argument.startsWith("-retry-join="))
			.hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "local", "prod" })
	void whatAProcessKeepsIsInAVolumeThatOutlivesItsContainer(String overlay) {
		List<KubernetesObject> objects = render(overlay);
		String snapshots = objects.stream()
			.filter((object) -> object instanceof V1ConfigMap
					&& object.getMetadata().getName().startsWith("environment"))
			.map((object) -> ((V1ConfigMap) object).getData().get("PLATFORM_CONFIG_CLIENT_SNAPSHOTS"))
			.findFirst()
			.orElseThrow();
		for (String name : List.of("gateway", "user-service", "order-service")) {
			assertThat(writable(pods(objects).get(name))).as(name).anyMatch((folder) -> snapshots.startsWith(folder));
		}
		String history = environment(objects, "config-server").get("PLATFORM_CONFIG_SERVER_HISTORY").getValue();
		assertThat(writable(pods(objects).get("config-server"))).anyMatch((folder) -> history.startsWith(folder));
	}

	private static List<String> writable(V1PodTemplateSpec pod) {
		Set<String> volumes = pod.getSpec()
			.getVolumes()
			.stream()
			.filter((volume) -> volume.getEmptyDir() != null || volume.getPersistentVolumeClaim() != null)
			.map(V1Volume::getName)
			.collect(Collectors.toSet());
		return pod.getSpec()
			.getContainers()
			.get(0)
			.getVolumeMounts()
			.stream()
			.filter((mount) -> volumes.contains(mount.getName()) && !mount.getMountPath().equals("/tmp"))
			.map((mount) -> mount.getMountPath() + "/")
			.toList();
	}

	@Test
	void filesAreServedByOneConfigServerAtATime() {
		List<KubernetesObject> objects = render("local");
		V1Deployment server = deployment(objects, "config-server");
		assertThat(server.getSpec().getReplicas()).isOne();
		assertThat(server.getSpec().getStrategy().getType()).isEqualTo("Recreate");
		// What was saved is nowhere else.
		assertThat(mentionedClaims(pods(objects).get("config-server"))).hasSize(1);
		assertThat(environment(objects, "config-server")).doesNotContainKey("PLATFORM_CONFIG_SERVER_GIT_URI")
			.extractingByKey("PLATFORM_CONFIG_SERVER_DIRECTORY")
			.satisfies((directory) -> assertThat(container(objects, "config-server").getVolumeMounts())
				.filteredOn((mount) -> mount.getMountPath().equals(directory.getValue()))
				.extracting(V1VolumeMount::getName)
				.containsExactly("config-repo"));
	}

	@Test
	void aRepositoryIsServedByTwoConfigServersAndNothingElse() {
		List<KubernetesObject> objects = render("prod");
		V1Deployment server = deployment(objects, "config-server");
		assertThat(server.getSpec().getReplicas()).isEqualTo(2);
		assertThat(server.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
		assertThat(environment(objects, "config-server")).doesNotContainKey("PLATFORM_CONFIG_SERVER_DIRECTORY")
			.extractingByKey("PLATFORM_CONFIG_SERVER_GIT_URI")
			.satisfies((uri) -> assertThat(uri.getValue()).startsWith("https://"));
		assertThat(names(objects, V1ConfigMap.class)).doesNotContain("config-repo");
		assertThat(names(objects, V1PersistentVolumeClaim.class)).isEmpty();
		assertThat(mentionedConfigMaps(pods(objects).get("config-server"))).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "local, 'token, encrypt-key'", "prod, 'token, encrypt-key, git-username, git-password'" })
	void theConfigServerStartsWithoutItsSecretsToo(String overlay, String keys) {
		assertThat(environment(render(overlay), "config-server").values())
			.filteredOn(
					(variable) -> variable.getValueFrom() != null && variable.getValueFrom().getSecretKeyRef() != null)
			.extracting((variable) -> variable.getValueFrom().getSecretKeyRef())
			.allSatisfy((secret) -> {
				assertThat(secret.getName()).isEqualTo("config-server");
				assertThat(secret.getOptional()).isTrue();
			})
			.extracting(V1SecretKeySelector::getKey)
			.containsExactlyInAnyOrder(keys.split(", "));
	}

	@ParameterizedTest
	@CsvSource({ "gateway, user-service, http, true", "order-service, user-service, grpc, true",
			"user-service, config-server, http, true", "gateway, config-server, http, true",
			"user-service, consul, http, true", "gateway, consul, http, true", "config-server, consul, http, true",
			"consul, gateway, management, true", "consul, order-service, http, true",
			"consul, config-server, http, true", "config-server, gateway, management, true",
			"config-server, order-service, http, true", "config-server, order-service, grpc, false",
			"gateway, user-service, grpc, false", "user-service, gateway, management, false",
			"gateway, consul, server, false" })
	void whoHasToReachWhomMayAndNobodyElse(String from, String to, String port, boolean may) {
		List<KubernetesObject> objects = files().flatMap((file) -> file.getPayload().stream()).toList();
		V1ContainerPort target = container(objects, to).getPorts()
			.stream()
			.filter((candidate) -> candidate.getName().equals(port))
			.findFirst()
			.orElseThrow();
		Map<String, String> caller = pods(objects).get(from).getMetadata().getLabels();
		Map<String, String> called = pods(objects).get(to).getMetadata().getLabels();
		boolean leaves = policies(objects, caller)
			.flatMap((policy) -> Stream.ofNullable(policy.getEgress()).flatMap(List::stream))
			.anyMatch((rule) -> includes(rule.getTo(), called) && includes(rule.getPorts(), target));
		boolean arrives = policies(objects, called)
			.flatMap((policy) -> Stream.ofNullable(policy.getIngress()).flatMap(List::stream))
			.anyMatch((rule) -> includes(rule.getFrom(), caller) && includes(rule.getPorts(), target));
		assertThat(leaves && arrives).isEqualTo(may);
	}

	private static Stream<V1NetworkPolicySpec> policies(List<KubernetesObject> objects, Map<String, String> pod) {
		return objects.stream()
			.filter(V1NetworkPolicy.class::isInstance)
			.map((policy) -> ((V1NetworkPolicy) policy).getSpec())
			.filter((policy) -> selects(policy.getPodSelector(), pod));
	}

	private static boolean includes(List<V1NetworkPolicyPeer> peers, Map<String, String> pod) {
		return peers.isEmpty() || peers.stream()
			.anyMatch((peer) -> peer.getPodSelector() != null && selects(peer.getPodSelector(), pod));
	}

	private static boolean includes(List<V1NetworkPolicyPort> ports, V1ContainerPort port) {
		return ports.isEmpty() || ports.stream()
			.map((candidate) -> candidate.getPort().toString())
			.anyMatch((candidate) -> candidate.equals(port.getName())
					|| candidate.equals(port.getContainerPort().toString()));
	}

	private static boolean selects(V1LabelSelector selector, Map<String, String> labels) {
		Map<String, String> wanted = (selector.getMatchLabels() != null) ? selector.getMatchLabels() : Map.of();
		return labels.entrySet().containsAll(wanted.entrySet()) && Stream.ofNullable(selector.getMatchExpressions())
			.flatMap(List::stream)
			.allMatch((expression) -> expression.getValues().contains(labels.get(expression.getKey())));
	}

	private static V1Deployment deployment(List<KubernetesObject> objects, String name) {
		return objects.stream()
			.filter((object) -> object instanceof V1Deployment && object.getMetadata().getName().equals(name))
			.map(V1Deployment.class::cast)
			.findFirst()
			.orElseThrow();
	}

	private static V1Container container(List<KubernetesObject> objects, String pod) {
		return pods(objects).get(pod).getSpec().getContainers().get(0);
	}

	private static Map<String, V1EnvVar> environment(List<KubernetesObject> objects, String pod) {
		return container(objects, pod).getEnv()
			.stream()
			.collect(Collectors.toMap(V1EnvVar::getName, Function.identity()));
	}

	private static void assertSafe(List<KubernetesObject> objects) {
		assertThat(pods(objects)).allSatisfy((name, pod) -> {
			assertThat(pod.getSpec().getAutomountServiceAccountToken()).as("token of " + name).isFalse();
			assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).as("time to stop of " + name)
				.isGreaterThanOrEqualTo(30);
			assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).as("non-root " + name).isTrue();
			assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).as("user of " + name).isPositive();
			assertThat(pod.getSpec().getSecurityContext().getSeccompProfile().getType()).as("seccomp of " + name)
				.isEqualTo("RuntimeDefault");
		});
		assertThat(containers(objects)).allSatisfy((container) -> {
			String name = container.getName();
			assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).as("escalation in " + name)
				.isFalse();
			assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).as("file system of " + name)
				.isTrue();
			assertThat(container.getSecurityContext().getCapabilities().getDrop()).as("capabilities of " + name)
				.containsExactly("ALL");
			assertThat(container.getResources().getRequests()).as("requests of " + name).containsKeys("cpu", "memory");
			assertThat(container.getResources().getLimits()).as("memory limit of " + name)
				.containsEntry("memory", container.getResources().getRequests().get("memory"));
			assertThat(container.getStartupProbe()).as("startup probe of " + name).isNotNull();
			assertThat(container.getLivenessProbe()).as("liveness probe of " + name).isNotNull();
			assertThat(container.getReadinessProbe()).as("readiness probe of " + name).isNotNull();
		});
	}

	private static List<V1Container> containers(List<KubernetesObject> objects) {
		return pods(objects).values().stream().flatMap((pod) -> pod.getSpec().getContainers().stream()).toList();
	}

	private static Map<String, V1PodTemplateSpec> pods(List<KubernetesObject> objects) {
		return objects.stream()
			.filter((object) -> object instanceof V1Deployment || object instanceof V1StatefulSet)
			.collect(Collectors.toMap((object) -> object.getMetadata().getName(),
					(object) -> (object instanceof V1Deployment deployment) ? deployment.getSpec().getTemplate()
							: ((V1StatefulSet) object).getSpec().getTemplate()));
	}

	private static Set<String> mentionedConfigMaps(V1PodTemplateSpec pod) {
		Stream<String> volumes = Stream.ofNullable(pod.getSpec().getVolumes())
			.flatMap(List::stream)
			.filter((volume) -> volume.getConfigMap() != null)
			.map((volume) -> volume.getConfigMap().getName());
		Stream<String> environment = pod.getSpec()
			.getContainers()
			.stream()
			.flatMap((container) -> Stream.ofNullable(container.getEnvFrom()).flatMap(List::stream))
			.map((source) -> source.getConfigMapRef().getName());
		return Stream.of(volumes, environment).flatMap(Function.identity()).collect(Collectors.toSet());
	}

	private static List<String> mentionedClaims(V1PodTemplateSpec pod) {
		return Stream.ofNullable(pod.getSpec().getVolumes())
			.flatMap(List::stream)
			.filter((volume) -> volume.getPersistentVolumeClaim() != null)
			.map((volume) -> volume.getPersistentVolumeClaim().getClaimName())
			.toList();
	}

	private static Set<String> names(List<KubernetesObject> objects, Class<? extends KubernetesObject> type) {
		return objects.stream()
			.filter(type::isInstance)
			.map((object) -> object.getMetadata().getName())
			.collect(Collectors.toSet());
	}

}
