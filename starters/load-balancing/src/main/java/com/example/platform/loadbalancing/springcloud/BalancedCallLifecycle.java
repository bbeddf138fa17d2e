package com.example.platform.loadbalancing.springcloud;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;

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
				answered(call, completion.getClientResponse());
			}
			else if (completion.getThrowable() instanceof ErrorResponse) {
				// This process refuses to make the call, for example as no time is left.
				call.cancelled();
			}
			else {
				call.failed(completion.getThrowable());
			}
		}
	}

	private static void answered(BalancedCall call, @Nullable Object response) {
		if (response instanceof ResponseData data && data.getHttpStatus() != null) {
			call.answered(data.getHttpStatus().value(), data.getHeaders());
		}
		else {
			call.answered(HttpStatus.OK.value(), null);
		}
	}

}
