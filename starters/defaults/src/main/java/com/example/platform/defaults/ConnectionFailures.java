package com.example.platform.defaults;

import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.function.Predicate;

import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;

/**
 * Tells failures to connect from others. What failed to connect was never sent.
 */
public final class ConnectionFailures {

	// Netty's refusals and time-outs of connecting are of these types too.
	private static final List<Class<? extends Exception>> TYPES = List.of(ConnectException.class,
			NoRouteToHostException.class, UnknownHostException.class, UnresolvedAddressException.class,
			BindException.class, SSLHandshakeException.class);

	// Netty's, for a peer that answers a TLS handshake in plain text. By name, since
	// Netty need not be there.
	private static final String NO_TLS = "NotSslRecordException";

	private static final String NO_CONNECTION_LEFT = "PoolAcquire";

	// Netty's again, for a socket that cannot be made: too many files are open.
	private static final String NO_SOCKET = "ChannelException";

	private ConnectionFailures() {
	}

	/**
	 * Tells whether a call failed before anything was sent.
	 * @param failure why it failed
	 * @return whether no connection came about
	 */
	public static boolean isNotConnected(@Nullable Throwable failure) {
		return anyCause(failure, (cause) -> TYPES.stream().anyMatch((type) -> type.isInstance(cause))
				|| cause.getClass().getSimpleName().equals(NO_TLS));
	}

	/**
	 * Tells whether a call failed because this process has no port, no socket or no
	 * connection left for it, which says nothing of the instance.
	 * @param failure why it failed
	 * @return whether this process is at fault
	 */
	public static boolean areThisProcesses(@Nullable Throwable failure) {
		return anyCause(failure,
				(cause) -> cause instanceof BindException || cause.getClass().getSimpleName().equals(NO_SOCKET)
						|| cause.getClass().getSimpleName().startsWith(NO_CONNECTION_LEFT));
	}

	private static boolean anyCause(@Nullable Throwable failure, Predicate<Throwable> test) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (test.test(cause)) {
				return true;
			}
		}
		return false;
	}

}
