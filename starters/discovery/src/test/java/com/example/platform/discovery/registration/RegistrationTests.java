package com.example.platform.discovery.registration;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.example.platform.consul.Check;
import com.example.platform.consul.Check.Status;
import com.example.platform.consul.HealthEntry;
import com.example.platform.consul.HealthEntry.Node;
import com.example.platform.consul.HealthEntry.Service;
import com.example.platform.consul.HealthEntry.Weights;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cloud.consul.model.http.agent.NewService;

import static org.assertj.core.api.Assertions.assertThat;

class RegistrationTests {

	private static final Check LIFECYCLE = check("user-service-1:lifecycle", Status.PASSING);

	private static final Check READINESS = check("user-service-1:readiness", Status.PASSING);

	private static final Check GRPC = check("user-service-1:grpc", Status.CRITICAL);

	private final InstanceLifecycle lifecycle = new InstanceLifecycle();

	private final Registration registration = registration();

	@Test
	void checksThatCanOnlyFailBeforeAnInstanceIsReadyComeWithReadiness() {
		assertThat(registration.checks(lifecycle)).containsOnlyKeys("user-service-1:lifecycle");
		assertThat(registration.checks(lifecycle).values())
			.allMatch((check) -> check.get("Status").asString().equals("critical"));
		lifecycle.readiness(true);
		assertThat(registration.checks(lifecycle)).containsOnlyKeys("user-service-1:lifecycle",
				"user-service-1:readiness", "user-service-1:grpc");
		assertThat(registration.checks(lifecycle).values())
			.allMatch((check) -> check.get("Status").asString().equals("passing"));
	}

	@Test
	void aWeightOfZeroIsOneForConsul() {
		assertThat(new JsonMapper().readTree(registration.json(lifecycle)).at("/Weights/Passing").asInt()).isOne();
	}

	@Test
	void anEntryIsCurrentWhenItHasAllChecksAndThePresentStatus() {
		lifecycle.readiness(true);
		assertThat(registration.isCurrent(List.of(LIFECYCLE, READINESS, GRPC), lifecycle)).isTrue();
		assertThat(registration.isCurrent(List.of(LIFECYCLE, READINESS), lifecycle)).isFalse();
		assertThat(registration.isCurrent(List.of(), lifecycle)).isFalse();
		lifecycle.health(List.of("db"));
		assertThat(registration.isCurrent(List.of(LIFECYCLE, READINESS, GRPC), lifecycle)).isFalse();
	}

	@Test
	void anEntryOfANodeThatCrashedIsNone() {
		lifecycle.readiness(true);
		assertThat(registration.isCurrent(entry(check("serfHealth", Status.PASSING)), lifecycle)).isTrue();
		assertThat(registration.isCurrent(entry(check("serfHealth", Status.CRITICAL)), lifecycle)).isFalse();
	}

	private static Registration registration() {
		NewService service = new NewService();
		service.setId("user-service-1");
		service.setName("user-service");
		service.setAddress("127.0.0.1");
		service.setPort(8080);
		NewService.Check readiness = new NewService.Check();
		readiness.setHttp("http://127.0.0.1:8080/actuator/health/readiness");
		service.setCheck(readiness);
		return new Registration(service, 9090, 0);
	}

	private static HealthEntry entry(Check ofNode) {
		return new HealthEntry(new Node("127.0.0.1"),
				new Service("user-service-1", "user-service", "", 8080, List.of(), Map.of(), new Weights(1, 1)),
				Stream.of(LIFECYCLE, READINESS, GRPC, ofNode).toList());
	}

	private static Check check(String id, Status status) {
		return new Check(id, status, "", "", "");
	}

}
