package com.example.platform.test;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.launcher.consul.ConsulAgent;
import com.example.launcher.consul.ConsulBinary;
import com.example.launcher.postgres.Database;
import com.example.launcher.postgres.PostgresServer;
import com.example.launcher.process.FreePorts;

/**
 * Real servers on free ports of 127.0.0.1 for tests with and without Spring. Each is
 * started when it is first asked for and stops when the JVM ends, also by a signal. What
 * a killed JVM left behind is removed by the next one. Thread-safe.
 */
public final class TestServers {

	private static final FreePorts PORTS = new FreePorts(new Random());

	private static final AtomicInteger COUNTER = new AtomicInteger();

	private TestServers() {
	}

	/** The PostgreSQL server of this JVM. */
	public static PostgresServer postgres() {
		return SharedPostgres.SERVER;
	}

	/** An empty database that nothing else uses. */
	public static Database newDatabase() {
		return postgres().database("test_" + COUNTER.incrementAndGet());
	}

	/** The Consul agent of this JVM. */
	public static ConsulAgent consul() {
		return SharedConsul.AGENT;
	}

	/** A Consul agent of one's own. Closing it early is fine. */
	public static ConsulAgent newConsul() {
		return newConsul(PORTS.next());
	}

	/**
	 * A Consul agent of one's own on a given port, for example to start one again where
	 * another was closed.
	 */
	public static ConsulAgent newConsul(int port) {
		Path binary = new ConsulBinary().locate(TestServers::progress);
		Path folder = TestProcesses.folder("consul-" + COUNTER.incrementAndGet());
		ConsulAgent agent = ConsulAgent.start(binary, port, PORTS, folder.resolve("consul.log"));
		TestProcesses.stopAtExit(folder, agent.process(), ConsulAgent.STOP_SIGNAL);
		return agent.awaitReady();
	}

	/** A port of 127.0.0.1 on which nothing listens and that nothing else here gets. */
	public static int freePort() {
		return PORTS.next();
	}

	private static void progress(String sentence) {
		System.out.println(sentence);
	}

	/** Holder: started by the first use. */
	private static final class SharedPostgres {

		static final PostgresServer SERVER = start();

		private static PostgresServer start() {
			Path folder = TestProcesses.folder("postgres");
			PostgresServer server = PostgresServer.startVolatile(folder, PORTS.next(), folder.resolve("postgres.log"));
			TestProcesses.stopAtExit(folder, server.process(), PostgresServer.STOP_SIGNAL);
			return server.awaitReady();
		}

	}

	/** Holder: started by the first use. */
	private static final class SharedConsul {

		static final ConsulAgent AGENT = newConsul();

	}

}
