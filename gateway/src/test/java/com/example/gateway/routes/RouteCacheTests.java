package com.example.gateway.routes;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.route.Route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RouteCacheTests {

	private final CountDownLatch released = new CountDownLatch(1);

	private volatile String defined = "old";

	private volatile boolean slow;

	@Test
	void whatWasReadEarlierNeverReplacesWhatIsNew() throws InterruptedException {
		RouteCache cache = new RouteCache(List.of(this::routes));
		cache.setApplicationEventPublisher((event) -> {
		});
		assertThat(ids(cache)).containsExactly("old");
		slow = true;
		Thread early = renewing(cache);
		await().until(() -> !slow);
		defined = "new";
		Thread late = renewing(cache);
		await().until(() -> late.getState() != Thread.State.NEW && late.getState() != Thread.State.RUNNABLE);
		released.countDown();
		early.join();
		late.join();
		assertThat(ids(cache)).containsExactly("new");
	}

	private Flux<Route> routes() {
		return Flux.defer(() -> {
			String read = defined;
			if (slow) {
				slow = false;
				awaitRelease();
			}
			return Flux.just(Route.async().id(read).uri("http://127.0.0.1").predicate((exchange) -> true).build());
		});
	}

	private void awaitRelease() {
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Thread renewing(RouteCache cache) {
		Thread thread = new Thread(() -> cache.onApplicationEvent(new RefreshRoutesEvent(this)));
		thread.start();
		return thread;
	}

	private static List<String> ids(RouteCache cache) {
		return cache.getRoutes().map(Route::getId).collectList().blockOptional().orElseThrow();
	}

}
