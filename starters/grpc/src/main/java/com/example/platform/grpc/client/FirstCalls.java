package com.example.platform.grpc.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.grpc.Channel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The first call by each channel. It connects, and loads the classes that every call
 * needs, which together takes longer than many a deadline; so it is made before callers
 * come. It asks for the health of the service, and whatever becomes of it is no matter.
 */
public final class FirstCalls {

	private static final Log log = LogFactory.getLog(FirstCalls.class);

	private static final Duration LONGEST = Duration.ofSeconds(2);

	private FirstCalls() {
	}

	/**
	 * Makes the calls, all at once.
	 * @param channels where
	 * @throws InterruptedException if the thread is interrupted while it waits for the
	 * answers, for 2 s at most
	 */
	public static void make(Stream<Channel> channels) throws InterruptedException {
		List<? extends Future<HealthCheckResponse>> calls = channels.distinct()
			.map((channel) -> HealthGrpc.newFutureStub(channel)
				.withDeadlineAfter(LONGEST)
				.check(HealthCheckRequest.getDefaultInstance()))
			.toList();
		for (Future<HealthCheckResponse> call : calls) {
			try {
				call.get();
			}
			catch (ExecutionException ex) {
				log.debug("The first call failed", ex);
			}
		}
	}

}
