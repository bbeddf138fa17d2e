package com.example.platform.resilience.actuate;

import java.util.Comparator;
import java.util.List;

import com.example.platform.resilience.CallGuard;
import com.example.platform.resilience.CallGuards;
import com.example.platform.resilience.CallRefusedException.Reason;
import com.example.platform.resilience.GuardPolicy;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Actuator endpoint {@code resilience}: for each method that this process has called, how
 * its circuit breaker and its bulkhead stand.
 */
@Endpoint(id = "resilience")
public final class ResilienceEndpoint {

	private final CallGuards guards;

	/**
	 * Creates the endpoint.
	 * @param guards what it shows
	 */
	public ResilienceEndpoint(CallGuards guards) {
		this.guards = guards;
	}

	/**
	 * Describes all methods.
	 * @return the methods by service and name
	 */
	@ReadOperation
	public List<GuardView> guards() {
		return guards.all()
			.stream()
			.sorted(Comparator.comparing(CallGuard::service).thenComparing(CallGuard::method))
			.map((guard) -> new GuardView(guard.service(), guard.method(), guard.state(), guard.failureShare(),
					guard.underWay(), guard.refused(Reason.OPEN), guard.refused(Reason.FULL), guard.policy()))
			.toList();
	}

	/**
	 * A method as the endpoint shows it.
	 *
	 * @param service the called service
	 * @param method the method
	 * @param state how the circuit breaker stands
	 * @param failureShare share of the calls in its window that failed or were slow; -1
	 * while there are too few
	 * @param underWay calls under way
	 * @param refusedOpen calls not made because the breaker was open
	 * @param refusedFull calls not made because too many were under way
	 * @param policy how the calls are guarded
	 */
	public record GuardView(String service, String method, CallGuard.State state, double failureShare, int underWay,
			long refusedOpen, long refusedFull, GuardPolicy policy) {
	}

}
