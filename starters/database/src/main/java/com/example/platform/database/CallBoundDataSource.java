package com.example.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import io.grpc.Context;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.QueryTimeoutException;

/**
 * Statements end with the call that they are for: when its deadline passes, or its caller
 * goes away. The call is that of gRPC's {@link Context}, which a thread that handles a
 * gRPC call has, over HTTP one that {@code starters/propagation} has prepared, and in a
 * job one that {@code starters/scheduling} has. A thread without one may take its time.
 *
 * <p>
 * Whoever uses connections of this source (JDBC, Spring's {@code JdbcClient}, Spring
 * Data, JPA) gets a {@link QueryTimeoutException} in place of a statement that was ended,
 * or not even begun. Thread-safe.
 */
public final class CallBoundDataSource extends ProxyDataSource {

	private static final String EXECUTION = "execution";

	private final StatementCanceller canceller = new StatementCanceller();

	/**
	 * Creates a data source.
	 * @param connections where connections come from
	 */
	public CallBoundDataSource(DataSource connections) {
		super(connections);
		addListener(new EndWithCall());
	}

	@Override
	public Connection getConnection() throws SQLException {
		requireCall(null);
		return super.getConnection();
	}

	private static void requireCall(@Nullable Throwable cause) {
		if (Context.current().isCancelled()) {
			throw new QueryTimeoutException("The call is over: its deadline has passed, or its caller has gone", cause);
		}
	}

	private final class EndWithCall implements QueryExecutionListener {

		@Override
		public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
			requireCall(null);
			execution.addCustomValue(EXECUTION, canceller.follow(execution.getStatement(), Context.current()));
		}

		@Override
		public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
			StatementCanceller.Execution followed = execution.getCustomValue(EXECUTION,
					StatementCanceller.Execution.class);
			if (followed != null) {
				followed.end();
			}
			if (execution.getThrowable() != null) {
				requireCall(execution.getThrowable());
			}
		}

	}

}
