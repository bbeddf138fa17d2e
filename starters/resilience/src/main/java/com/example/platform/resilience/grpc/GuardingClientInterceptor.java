package com.example.platform.resilience.grpc;

import java.util.Objects;

import com.example.platform.defaults.grpc.GrpcFaults;
import com.example.platform.resilience.CallGuard;
import com.example.platform.resilience.CallGuard.Outcome;
import com.example.platform.resilience.CallGuards;
import com.example.platform.resilience.CallRefusedException;
import com.example.platform.resilience.CallRefusedException.Reason;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors.CheckedForwardingClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

/**
 * Guards unary gRPC calls. It sees a call as its caller does, whatever number of attempts
 * there are. A call that is not made ends with {@code UNAVAILABLE} while the breaker is
 * open, and with {@code RESOURCE_EXHAUSTED} when the bulkhead is full.
 */
public final class GuardingClientInterceptor implements ClientInterceptor {

	private final CallGuards guards;

	/**
	 * Creates the interceptor.
	 * @param guards guard the calls
	 */
	public GuardingClientInterceptor(CallGuards guards) {
		this.guards = guards;
	}

	@Override
	public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
		ClientCall<I, O> call = next.newCall(method, options);
		return (method.getType() != MethodType.UNARY) ? call
				: new GuardedCall<>(call, guards.guard(Objects.requireNonNullElse(next.authority(), ""),
						Objects.requireNonNullElse(method.getBareMethodName(), method.getFullMethodName())));
	}

	private static Outcome outcome(Status status, Metadata trailers, Context caller) {
		return switch (status.getCode()) {
			case CANCELLED -> Outcome.UNKNOWN;
			// Whoever has no time left for an answer says nothing of who gives it.
			case DEADLINE_EXCEEDED -> isOver(caller.getDeadline()) ? Outcome.UNKNOWN : Outcome.FAILED;
			default -> switch (GrpcFaults.of(status.getCode(), trailers)) {
				case NONE, CALLER -> Outcome.SUCCEEDED;
				case DEPENDENCY, INSTANCE -> Outcome.FAILED;
			};
		};
	}

	private static boolean isOver(@Nullable Deadline deadline) {
		return deadline != null && deadline.isExpired();
	}

	private static final class GuardedCall<I, O> extends CheckedForwardingClientCall<I, O> {

		private final CallGuard guard;

		private GuardedCall(ClientCall<I, O> call, CallGuard guard) {
			super(call);
			this.guard = guard;
		}

		@Override
		protected void checkedStart(Listener<O> listener, Metadata headers) throws StatusException {
			Context caller = Context.current();
			CallGuard.Call call;
			try {
				call = guard.enter();
			}
			catch (CallRefusedException ex) {
				Status status = (ex.reason() == Reason.OPEN) ? Status.UNAVAILABLE : Status.RESOURCE_EXHAUSTED;
				throw status.withDescription(ex.getMessage()).withCause(ex).asException();
			}
			try {
				delegate().start(new SimpleForwardingClientCallListener<>(listener) {

					@Override
					public void onClose(Status status, Metadata trailers) {
						call.end(outcome(status, trailers, caller));
						super.onClose(status, trailers);
					}

				}, headers);
			}
			catch (RuntimeException ex) {
				call.end(Outcome.UNKNOWN);
				throw ex;
			}
		}

	}

}
