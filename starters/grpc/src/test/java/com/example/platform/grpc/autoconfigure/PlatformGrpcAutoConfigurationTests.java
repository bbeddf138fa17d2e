package com.example.platform.grpc.autoconfigure;

import java.util.concurrent.CompletableFuture;

import com.example.platform.grpc.OpenStreams;
import com.example.platform.grpc.UnavailableDataGrpcExceptionHandler;
import com.example.platform.grpc.UnexpectedGrpcExceptionHandler;
import com.example.platform.grpc.ValidationGrpcExceptionHandler;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.dao.DataAccessException;
import org.springframework.grpc.server.exception.CompositeGrpcExceptionHandler;
import org.springframework.grpc.server.exception.GrpcExceptionHandler;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.grpc.server.lifecycle.GrpcServerShutdownEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class PlatformGrpcAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PlatformGrpcAutoConfiguration.class));

	@Test
	void exceptionsAreMapped() {
		runner.run((context) -> assertThat(context).hasSingleBean(ValidationGrpcExceptionHandler.class)
			.hasSingleBean(UnavailableDataGrpcExceptionHandler.class)
			.hasSingleBean(UnexpectedGrpcExceptionHandler.class));
	}

	@Test
	void theHandlerOfTheServiceIsAskedFirst() {
		StatusException own = Status.DATA_LOSS.asException();
		runner.withBean("own", GrpcExceptionHandler.class, () -> (exception) -> own)
			.run((context) -> assertThat(
					new CompositeGrpcExceptionHandler(context.getBeanProvider(GrpcExceptionHandler.class)
						.orderedStream()
						.toArray(GrpcExceptionHandler[]::new)).handleException(new IllegalStateException()))
				.isSameAs(own));
	}

	@Test
	void itCanBeSwitchedOff() {
		runner.withPropertyValues("platform.grpc.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(GrpcExceptionHandler.class)
				.doesNotHaveBean(OpenStreams.class));
	}

	@Test
	void aServiceWithoutADatabaseNeedsNoDataAccess() {
		runner.withClassLoader(new FilteredClassLoader(DataAccessException.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("unavailableDataGrpcExceptionHandler"));
	}

	@Test
	void openStreamsEndWhenTheServerShutsDown() {
		runner.run((context) -> {
			OpenStreams streams = context.getBean(OpenStreams.class);
			CompletableFuture<StatusException> end = new CompletableFuture<>();
			CompletableFuture<StatusException> late = new CompletableFuture<>();
			CompletableFuture<StatusException> gone = new CompletableFuture<>();
			streams.add(end::complete);
			streams.add(gone::complete).run();
			context.publishEvent(new GrpcServerShutdownEvent(mock(GrpcServerLifecycle.class), mock(Server.class)));
			streams.add(late::complete);
			assertThat(end.join().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(late.join().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(gone).isNotDone();
		});
	}

}
