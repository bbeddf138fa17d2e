package com.example.benchmarks.encoding;

import java.time.Instant;

import com.example.contracts.user.v1.GetUserRequest;
import com.example.contracts.user.v1.GetUserResponse;
import com.example.contracts.user.v1.UserServiceGrpc;
import com.example.contracts.user.v1.UserStatus;
import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * A process that answers with the same user over gRPC and as JSON, without a database, so
 * that what is measured is the way and not the work.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class UserServer {

	static final String PATH = "/api/users/{id}";

	/**
	 * Serves until the process is stopped.
	 * @param arguments the port for gRPC and that for HTTP, on 127.0.0.1
	 */
	public static void main(String... arguments) {
		SpringApplication.run(UserServer.class, "--spring.cloud.config.enabled=false",
				"--spring.cloud.consul.enabled=false", "--spring.grpc.server.address=127.0.0.1",
				"--spring.grpc.server.port=" + arguments[0], "--server.address=127.0.0.1",
				"--server.port=" + arguments[1]);
	}

	@Bean
	OverGrpc overGrpc() {
		return new OverGrpc();
	}

	static final class OverGrpc extends UserServiceGrpc.UserServiceImplBase {

		@Override
		public void getUser(GetUserRequest request, StreamObserver<GetUserResponse> responses) {
			User user = User.of(request.getUserId());
			GetUserResponse.Builder response = GetUserResponse.newBuilder();
			response.getUserBuilder()
				.setId(user.id())
				.setName(user.name())
				.setEmail(user.email())
				.setStatus(UserStatus.USER_STATUS_ACTIVE)
				.setCreatedAt(Timestamp.newBuilder().setSeconds(user.createdAt().getEpochSecond()));
			responses.onNext(response.build());
			responses.onCompleted();
		}

	}

	// A component among the members of a configuration is a bean without further words.
	@RestController
	static final class AsJson {

		@GetMapping(PATH)
		User user(@PathVariable long id) {
			return User.of(id);
		}

	}

	/**
	 * A user, as user-service has it in JSON.
	 */
	record User(long id, String name, String email, String status, Instant createdAt) {

		private static User of(long id) {
			return new User(id, "Ada Lovelace", "ada@example.com", "ACTIVE", Instant.ofEpochSecond(1_767_225_600));
		}

	}

}
