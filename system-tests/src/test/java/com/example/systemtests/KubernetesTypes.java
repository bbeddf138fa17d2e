package com.example.systemtests;

import java.util.Map;

import com.google.gson.Gson;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;

/**
 * The Kubernetes API's own types for the kinds that this repository uses.
 */
final class KubernetesTypes {

	private static final Map<String, Class<? extends KubernetesObject>> TYPES = Map.of( //
			"v1 ConfigMap", V1ConfigMap.class, //
			"v1 Namespace", V1Namespace.class, //
			"v1 PersistentVolumeClaim", V1PersistentVolumeClaim.class, //
			"v1 Service", V1Service.class, //
			"v1 ServiceAccount", V1ServiceAccount.class, //
			"apps/v1 Deployment", V1Deployment.class, //
			"apps/v1 StatefulSet", V1StatefulSet.class, //
			"autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class, //
			"networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class, //
			"policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class);

	private KubernetesTypes() {
	}

	/**
	 * Converts a parsed manifest to its type.
	 * @throws IllegalArgumentException if a field is unknown, missing or of the wrong
	 * type, or the kind is not one of ours
	 */
	static KubernetesObject convert(Map<String, Object> manifest) {
		String type = manifest.get("apiVersion") + " " + manifest.get("kind");
		Class<? extends KubernetesObject> javaType = TYPES.get(type);
		if (javaType == null) {
			throw new IllegalArgumentException("Unknown type '" + type + "'. Known are " + TYPES.keySet());
		}
		try {
			return JSON.getGson().fromJson(new Gson().toJsonTree(manifest), javaType);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(type + " " + manifest.get("metadata") + ": " + ex.getMessage(), ex);
		}
	}

}
