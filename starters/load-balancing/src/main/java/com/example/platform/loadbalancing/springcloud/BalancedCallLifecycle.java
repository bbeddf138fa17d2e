package com.example.platform.loadbalancing.springcloud;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;

/**
 * Tells the nodes what became of calls by load-balanced clients such as
 * {@code RestClient}.
 */
public final class BalancedCallLifecycle implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

	@Override
	public void onStart(Request<Object> request) {
		// Nothing is chosen yet.
	}

	@Override
	public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {
		if (response.getServer() instanceof BalancedCall call) {
			call.start();
		}
	}

	@Override
	public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
		Response<ServiceInstance> response = completion.getLoadBalancerResponse();
		if (response != null && response.getServer() instanceof BalancedCall call) {
			if (completion.status() == CompletionContext.Status.SUCCESS) {
				call.answered(status(completion.getClientResponse()));
			}
			else {
				call.failed(completion.getThrowable());
			}
		}
	}

	private static int status(@Nullable Object response) {
		return (response instanceof ResponseData data && data.getHttpStatus() != null) ? data.getHttpStatus().value()
				: 200;
	}

}
