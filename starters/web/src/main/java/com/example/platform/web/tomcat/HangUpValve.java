package com.example.platform.web.tomcat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.example.platform.defaults.AbandonedRequest;
import jakarta.servlet.ServletException;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Notices that a caller has hung up while its request is handled, and ends what is under
 * way for it. Tomcat itself looks at a connection again only when it writes the answer.
 * Every {@value #PERIOD_MILLIS} ms this valve reads from the connections of requests
 * whose body has been read: what arrives is kept by Tomcat for the next request. HTTP/2
 * and encrypted connections are left alone.
 */
public final class HangUpValve extends ValveBase {

	private static final long PERIOD_MILLIS = 100;

	private final Set<Handling> handled = ConcurrentHashMap.newKeySet();

	private @Nullable ScheduledExecutorService watch;

	/**
	 * Creates a valve.
	 */
	public HangUpValve() {
		super(true);
	}

	@Override
	protected synchronized void startInternal() throws LifecycleException {
		super.startInternal();
		CustomizableThreadFactory threads = new CustomizableThreadFactory("hang-ups-");
		threads.setDaemon(true);
		watch = new ScheduledThreadPoolExecutor(1, threads);
		var unused = watch.scheduleWithFixedDelay(() -> handled.forEach(Handling::look), PERIOD_MILLIS, PERIOD_MILLIS,
				TimeUnit.MILLISECONDS);
	}

	@Override
	protected synchronized void stopInternal() throws LifecycleException {
		if (watch != null) {
			watch.shutdownNow();
		}
		super.stopInternal();
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		if (request.isSecure() || !request.getProtocol().startsWith("HTTP/1")) {
			getNext().invoke(request, response);
			return;
		}
		Handling handling = new Handling(request);
		handled.add(handling);
		try {
			getNext().invoke(request, response);
		}
		finally {
			handled.remove(handling);
			handling.end();
		}
	}

	/**
	 * A request that is handled by its thread.
	 */
	private static final class Handling {

		private final Request request;

		private boolean bodyWasRead;

		private boolean over;

		private Handling(Request request) {
			this.request = request;
		}

		private synchronized void end() {
			over = true;
		}

		private synchronized void look() {
			if (over) {
				return;
			}
			// Seen twice, so that its thread has long left Tomcat's buffer alone.
			boolean bodyIsRead = bodyWasRead;
			bodyWasRead = isBodyRead();
			if (bodyIsRead && isHungUp() && request.getAttribute(AbandonedRequest.ATTRIBUTE) instanceof Runnable end) {
				over = true;
				end.run();
			}
		}

		private boolean isBodyRead() {
			AtomicBoolean read = new AtomicBoolean();
			request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
			return read.get();
		}

		// Of what has come Tomcat says once that there is something to read; then it
		// belongs to the next request. Of a connection that has ended it always says so.
		private boolean isHungUp() {
			readable();
			return readable() > 0;
		}

		private int readable() {
			org.apache.coyote.Request connection = request.getCoyoteRequest();
			connection.action(ActionCode.AVAILABLE, true);
			return connection.getAvailable();
		}

	}

}
