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
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
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

	private static List<KubernetesObject> render(String overlay) {
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
			.filter((file) -> !file.equals("kustomization.yaml"))
			.collect(Collectors.toSet());
		Map<String, Object> kustomization = Repository.yaml("config-repo/kustomization.yaml");
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

	private static Set<String> names(List<KubernetesObject> objects, Class<? extends KubernetesObject> type) {
		return objects.stream()
			.filter(type::isInstance)
			.map((object) -> object.getMetadata().getName())
			.collect(Collectors.toSet());
	}

}
