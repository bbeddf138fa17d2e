package com.example.platform.discovery.registration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An address at which now one agent answers, now another, now none.
 */
final class AgentProxy implements AutoCloseable {

	private static final int NOBODY = 0;

	private final ServerSocket server;

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private volatile int agentPort;

	AgentProxy(int agentPort) throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.agentPort = agentPort;
		start(this::accept);
	}

	int port() {
		return server.getLocalPort();
	}

	void forwardTo(int port) {
		agentPort = port;
		connections.forEach(AgentProxy::close);
		connections.clear();
	}

	void forwardToNobody() {
		forwardTo(NOBODY);
	}

	@Override
	public void close() throws IOException {
		server.close();
		forwardToNobody();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = server.accept();
				try {
					connect(client);
				}
				catch (IOException ex) {
					close(client);
				}
			}
		}
		catch (IOException ex) {
			// The proxy was closed.
		}
	}

	private void connect(Socket client) throws IOException {
		int port = agentPort;
		if (port == NOBODY) {
			client.close();
			return;
		}
		Socket agent = new Socket(InetAddress.getLoopbackAddress(), port);
		connections.add(client);
		connections.add(agent);
		start(() -> copy(client, agent));
		start(() -> copy(agent, client));
	}

	private static void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// One of the two is closed, and so is the other one now.
		}
		close(from);
		close(to);
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Then there is nothing to close.
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "agent-proxy");
		thread.setDaemon(true);
		thread.start();
	}

}
