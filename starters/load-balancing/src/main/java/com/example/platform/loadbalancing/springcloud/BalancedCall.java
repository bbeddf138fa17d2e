package com.example.platform.loadbalancing.springcloud;

import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import com.example.platform.defaults.ConnectionFailures;
import com.example.platform.defaults.Fault;
import com.example.platform.loadbalancing.Balancer.Member;
import com.example.platform.loadbalancing.CalledService;
import com.example.platform.loadbalancing.policy.Node;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.http.HttpHeaders;

/**
 * The instance that was chosen for one call, which passes through Spring Cloud with the
 * call and is told what became of it. A call ends once, whatever is said of it
 * afterwards. Thread-safe.
 */
final class BalancedCall implements ServiceInstance {

	/**
	 * Status of an answer that leaves the connection to another protocol.
	 */
	static final int SWITCHED = 101;

	private static final Log log = LogFactory.getLog(BalancedCall.class);

	private static final String TRIED = BalancedCall.class.getName() + ".tried";

	private enum State {

		CHOSEN, UNDER_WAY, ENDED

	}

	private final CalledService service;

	private final ServiceInstance instance;

	private final Node node;

	private final AtomicReference<State> state = new AtomicReference<>(State.CHOSEN);

	private volatile long startedAt;

	BalancedCall(CalledService service, Member<ServiceInstance> chosen) {
		this.service = service;
		this.instance = chosen.destination();
		this.node = chosen.node();
	}

	/**
	 * Returns where a request has been sent already.
	 * @param attributes the request's attributes
	 * @return the nodes
	 */
	@SuppressWarnings("unchecked") // nobody else uses this attribute
	static Set<Node> tried(Map<String, Object> attributes) {
		return (Set<Node>) attributes.getOrDefault(TRIED, Set.of());
	}

	/**
	 * Has a request remember that it is sent to this instance, for the case that it is
	 * repeated.
	 * @param attributes the request's attributes
	 */
	void rememberIn(Map<String, Object> attributes) {
		Set<Node> tried = new HashSet<>(tried(attributes));
		tried.add(node);
		attributes.put(TRIED, tried);
	}

	/**
	 * Begins the call, unless it has begun.
	 */
	void start() {
		if (state.compareAndSet(State.CHOSEN, State.UNDER_WAY)) {
			startedAt = node.started();
		}
	}

	/**
	 * Ends the call with an answer.
	 * @param status the HTTP status
	 * @param headers the headers; {@code null} if they are not known
	 */
	void answered(int status, @Nullable HttpHeaders headers) {
		Fault fault = Fault.ofHttp(status, headers != null && headers.containsHeader(HttpHeaders.RETRY_AFTER));
		if (fault == Fault.DEPENDENCY) {
			cancelled();
		}
		else if (end()) {
			// What was upgraded ends long after it was answered.
			if (status != SWITCHED) {
				node.responded(startedAt);
			}
			if (fault == Fault.INSTANCE) {
				service.failed(node);
			}
			else {
				node.succeeded();
			}
		}
	}

	/**
	 * Ends the call without an answer.
	 * @param failure why there is none
	 */
	void failed(@Nullable Throwable failure) {
		if (ConnectionFailures.areThisProcesses(failure)) {
			cancelled();
		}
		else if (end()) {
			log.debug("A call of instance " + node + " failed", failure);
			node.responded(startedAt);
			if (ConnectionFailures.isNotConnected(failure)) {
				service.refused(node);
			}
			else {
				service.failed(node);
			}
		}
	}

	/**
	 * Ends the call in a way that says nothing of the instance, such as by the caller's
	 * will.
	 */
	void cancelled() {
		if (end()) {
			node.cancelled();
		}
	}

	private boolean end() {
		return state.compareAndSet(State.UNDER_WAY, State.ENDED);
	}

	@Override
	public @Nullable String getInstanceId() {
		return instance.getInstanceId();
	}

	@Override
	public String getServiceId() {
		return instance.getServiceId();
	}

	@Override
	public String getHost() {
		return instance.getHost();
	}

	@Override
	public int getPort() {
		return instance.getPort();
	}

	@Override
	public boolean isSecure() {
		return instance.isSecure();
	}

	@Override
	public URI getUri() {
		return instance.getUri();
	}

	@Override
	public @Nullable Map<String, String> getMetadata() {
		return instance.getMetadata();
	}

}
