package com.example.platform.test;

import java.io.IOException;

/**
 * A JVM that uses a server until its input ends or it is ended itself.
 */
final class ServerUser {

	private ServerUser() {
	}

	public static void main(String... arguments) throws IOException {
		System.out.println("agent " + TestServers.consul().process().pid());
		System.in.read();
	}

}
