package com.example.systemtests;

import java.util.stream.Stream;

import io.kubernetes.client.openapi.models.V1Service;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Proves that {@link KubernetesTypes} can refuse.
 */
@NullUnmarked // the API says that nearly everything may be missing; where it is, the test
				// fails
class KubernetesTypesTests {

	private static final String DEPLOYMENT = """
			apiVersion: apps/v1
			kind: Deployment
			metadata: { name: x }
			spec:
			  selector: { matchLabels: { app: x } }
			  template:
			    metadata: { labels: { app: x } }
			    spec:
			      containers:
			        - name: x
			          image: x
			          livenessProbe: { periodSeconds: 10 }
			""";

	@Test
	void acceptsWhatTheApiAccepts() {
		assertThat(KubernetesTypes.convert(Repository.yamlDocuments(DEPLOYMENT).get(0)).getMetadata().getName())
			.isEqualTo("x");
	}

	@ParameterizedTest
	@MethodSource
	void refuses(String what, String text, String replacement) {
		String manifest = DEPLOYMENT.replace(text, replacement);
		assertThat(manifest).isNotEqualTo(DEPLOYMENT);
		assertThatIllegalArgumentException().as(what)
			.isThrownBy(() -> KubernetesTypes.convert(Repository.yamlDocuments(manifest).get(0)));
	}

	static Stream<Arguments> refuses() {
		return Stream.of( //
				arguments("an unknown field deep inside", "periodSeconds", "periodSecond"),
				arguments("an unknown field at the top", "spec:\n  selector", "specification: {}\nspec:\n  selector"),
				arguments("text for a number", "periodSeconds: 10", "periodSeconds: often"),
				arguments("an object for a list", "- name: x", "  name: x"),
				arguments("a missing name", "- name: x\n          image", "- image"),
				arguments("a missing selector", "selector: { matchLabels: { app: x } }", "replicas: 1"),
				arguments("an unknown kind", "kind: Deployment", "kind: Deploy"),
				arguments("a kind of another group", "apiVersion: apps/v1", "apiVersion: batch/v1"));
	}

	@Test
	void readsNumbersAsTheyAreWritten() {
		V1Service service = (V1Service) KubernetesTypes.convert(Repository.yamlDocuments("""
				apiVersion: v1
				kind: Service
				metadata: { name: x }
				spec: { ports: [{ port: 8500, targetPort: http }] }
				""").get(0));
		assertThat(service.getSpec().getPorts()).singleElement().satisfies((port) -> {
			assertThat(port.getPort()).isEqualTo(8500);
			assertThat(port.getTargetPort().getStrValue()).isEqualTo("http");
		});
	}

}
