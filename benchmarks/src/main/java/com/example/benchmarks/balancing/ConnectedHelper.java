package com.example.benchmarks.balancing;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.FixedResultPicker;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.ManagedChannel;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a channel whose connections are there as soon as they are asked for.
 */
final class ConnectedHelper extends Helper {

	private final SynchronizationContext context = new SynchronizationContext((thread, failure) -> {
		throw new IllegalStateException(failure);
	});

	private final ScheduledExecutorService timer = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "grpc-timer");
		thread.setDaemon(true);
		return thread;
	});

	private volatile SubchannelPicker picker = new FixedResultPicker(PickResult.withNoResult());

	SubchannelPicker picker() {
		return picker;
	}

	@Override
	public Subchannel createSubchannel(CreateSubchannelArgs args) {
		return new ConnectedSubchannel(args);
	}

	@Override
	public void updateBalancingState(ConnectivityState state, SubchannelPicker next) {
		picker = next;
	}

	@Override
	public void refreshNameResolution() {
		// The addresses never change.
	}

	@Override
	public SynchronizationContext getSynchronizationContext() {
		return context;
	}

	@Override
	public ScheduledExecutorService getScheduledExecutorService() {
		return timer;
	}

	@Override
	public ManagedChannel createOobChannel(EquivalentAddressGroup address, String authority) {
		throw new UnsupportedOperationException();
	}

	@Override
	public String getAuthority() {
		return "user-service";
	}

	@Override
	public String getChannelTarget() {
		return "user-service";
	}

	@Override
	public ChannelLogger getChannelLogger() {
		return new SilentLogger();
	}

	private static final class ConnectedSubchannel extends Subchannel {

		private final CreateSubchannelArgs args;

		private @Nullable SubchannelStateListener listener;

		private ConnectedSubchannel(CreateSubchannelArgs args) {
			this.args = args;
		}

		@Override
		public void start(SubchannelStateListener next) {
			listener = next;
		}

		@Override
		public void requestConnection() {
			if (listener != null) {
				listener.onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.READY));
			}
		}

		@Override
		public List<EquivalentAddressGroup> getAllAddresses() {
			return args.getAddresses();
		}

		@Override
		public ChannelLogger getChannelLogger() {
			return new SilentLogger();
		}

		@Override
		public Attributes getAttributes() {
			return args.getAttributes();
		}

		@Override
		public void shutdown() {
			// Nothing to close.
		}

	}

	private static final class SilentLogger extends ChannelLogger {

		@Override
		public void log(ChannelLogLevel level, String message) {
			// Nobody reads it.
		}

		@Override
		public void log(ChannelLogLevel level, String format, Object... arguments) {
			// Nobody reads it.
		}

	}

}
