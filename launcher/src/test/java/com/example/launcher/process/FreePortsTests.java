package com.example.launcher.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FreePortsTests {

	private final FreePorts ports = new FreePorts(new Random(1));

	@Test
	void aTakenPortIsNotPreferred() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThat(ports.prefer(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
		}
	}

	@Test
	void noPortIsHandedOutTwice() {
		int first = ports.next();

		assertThat(ports.prefer(first)).isNotEqualTo(first);
		assertThat(new FreePorts(new Random(1)).next()).isEqualTo(first);
	}

}
