package com.example.platform.scheduling.lock;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Future;

import com.example.launcher.consul.ConsulAgent;
import com.example.platform.consul.Consul;
import com.example.platform.consul.KeyValue;
import com.example.platform.scheduling.lock.consul.ConsulLocks;
import com.example.platform.test.TestRegistry;
import com.example.platform.test.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConsulLocksIntegrationTests extends LocksContractTests {

	private final Consul consul = client(port());

	@Override
	Locks locks(int port) {
		return new ConsulLocks(client(port), "test");
	}

	@Override
	int port() {
		return TestServers.consul().port();
	}

	@Override
	List<String> server() {
		return List.of(TestServers.consul().address().toString());
	}

	@AfterEach
	void close() {
		consul.close();
	}

	@Test
	void aHolderWhoseSessionIsDestroyedKnowsBeforeAnotherHasTheLock() throws Exception {
		Lock lock = newLocks().tryAcquire(name).orElseThrow();
		Future<Long> noticed = timeOfLoss(lock);
		Future<Long> acquired = timeOfAcquiring(newLocks());
		long destroyed = System.nanoTime();
		consul.sessions().destroy(String.valueOf(entry().session())).join();
		print("destroyed: the holder knows after", destroyed, noticed.get());
		print("destroyed: another has the lock after", destroyed, acquired.get());
		assertThat(acquired.get() - noticed.get()).isPositive();
	}

	@Test
	void aKeyThatIsDeletedIsLostAndTheFenceGrowsAllTheSame() {
		Locks locks = newLocks();
		Lock lock = locks.tryAcquire(name).orElseThrow();
		Lock other = locks.tryAcquire(name + "-other").orElseThrow();
		consul.kv().delete("platform/locks/" + name).join();
		await().until(() -> !lock.isHeld());
		assertThat(other.isHeld()).isTrue();
		await().until(() -> locks.tryAcquire(name).filter((next) -> next.fence() > lock.fence()).isPresent());
	}

	@Test
	void whoHasHeldLocksIsNoMoreInTheCatalogWhenItIsClosed() {
		try (ConsulAgent agent = TestServers.newConsul()) {
			TestRegistry registry = new TestRegistry(agent);
			try (Locks locks = locks(agent.port())) {
				assertThat(locks.tryAcquire(name)).isPresent();
				assertThat(registry.get("/v1/agent/services")).contains("lock-holder-test-");
			}
			assertThat(registry.get("/v1/agent/services")).doesNotContain("lock-holder");
		}
	}

	@Test
	void locksAreHadAgainFromAnAgentThatStartsEmpty() throws Exception {
		int port = TestServers.freePort();
		ConsulAgent first = TestServers.newConsul(port);
		try (Locks locks = locks(port)) {
			Lock lock = locks.tryAcquire(name).orElseThrow();
			first.close();
			await().until(() -> !lock.isHeld());
			try (ConsulAgent second = TestServers.newConsul(port)) {
				assertThat(second.port()).isEqualTo(port);
				try (Lock next = locks.acquire(name, TAKE_OVER.multipliedBy(5)).orElseThrow()) {
					assertThat(next.isHeld()).isTrue();
					assertThat(lock.isHeld()).isFalse();
				}
			}
		}
	}

	private KeyValue entry() {
		return consul.kv().get("platform/locks/" + name).join().orElseThrow();
	}

	private static Consul client(int port) {
		return new Consul(URI.create("http://127.0.0.1:" + port), null);
	}

}
