package com.example.order;

import java.util.ArrayList;
import java.util.List;

import com.example.platform.grpc.OpenStreams;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The answers of a call that goes on for as long as its caller likes. It ends once: by
 * the service, by its caller, or because this instance shuts down. Thread-safe.
 *
 * @param <T> the answers
 */
public final class GrpcOpenCall<T> {

	private final StreamObserver<T> responses;

	private final List<Runnable> atEnd = new ArrayList<>();

	private volatile boolean ended;

	/**
	 * Takes a call over; to be created before the method that serves it returns.
	 */
	public GrpcOpenCall(StreamObserver<T> responses, OpenStreams openStreams) {
		this.responses = responses;
		((ServerCallStreamObserver<T>) responses).setOnCancelHandler(this::abandon);
		onEnd(openStreams.add(this::fail));
	}

	/**
	 * Has something run when the call ends, or now if it has ended.
	 */
	public synchronized void onEnd(Runnable action) {
		if (ended) {
			action.run();
		}
		else {
			atEnd.add(action);
		}
	}

	public boolean isEnded() {
		return ended;
	}

	/**
	 * Runs a step, unless the call has ended. A shutdown waits for it, so as not to deny
	 * what the step does.
	 */
	public synchronized void unlessEnded(Runnable step) {
		if (!ended) {
			step.run();
		}
	}

	/**
	 * Sends an answer, unless the call has ended.
	 */
	public void send(T answer) {
		unlessEnded(() -> responses.onNext(answer));
	}

	public void complete() {
		end(responses::onCompleted);
	}

	public void fail(Exception reason) {
		end(() -> responses.onError(reason));
	}

	/**
	 * Ends a call whose caller has gone.
	 */
	public void abandon() {
		end(() -> {
		});
	}

	private void end(Runnable last) {
		unlessEnded(() -> {
			ended = true;
			atEnd.forEach(Runnable::run);
			last.run();
		});
	}

}
