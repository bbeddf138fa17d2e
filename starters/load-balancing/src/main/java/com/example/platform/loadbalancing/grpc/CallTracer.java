package com.example.platform.loadbalancing.grpc;

import com.example.platform.loadbalancing.Target;
import com.example.platform.loadbalancing.policy.Node;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * Tells a node what became of one call, or of one attempt when it is retried or hedged. A
 * stream's response time is that of the first of its answer.
 */
final class CallTracer extends ClientStreamTracer {

	private final Target target;

	private final Node node;

	private final long startedAt;

	private CallTracer(Target target, Node node) {
		this.target = target;
		this.node = node;
		this.startedAt = node.started();
	}

	@Override
	public void inboundHeaders(Metadata headers) {
		node.responded(startedAt);
	}

	@Override
	public void streamClosed(Status status) {
		switch (status.getCode()) {
			case CANCELLED -> node.cancelled();
			case DEADLINE_EXCEEDED -> {
				// It takes at least as long as the caller has waited.
				node.responded(startedAt);
				target.failed(node);
			}
			case UNAVAILABLE, INTERNAL, UNKNOWN, RESOURCE_EXHAUSTED, DATA_LOSS -> target.failed(node);
			default -> node.succeeded();
		}
	}

	/**
	 * Makes the tracers of one node's calls.
	 */
	static final class Factory extends ClientStreamTracer.Factory {

		private final Target target;

		private final Node node;

		Factory(Target target, Node node) {
			this.target = target;
			this.node = node;
		}

		@Override
		public ClientStreamTracer newClientStreamTracer(StreamInfo info, Metadata headers) {
			return new CallTracer(target, node);
		}

	}

}
