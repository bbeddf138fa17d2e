package com.example.order.summary;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

import com.example.platform.scheduling.job.JobDefinition;
import com.example.platform.scheduling.job.JobRun;
import com.example.platform.scheduling.sharding.Shard;
import com.example.platform.scheduling.sharding.ShardedJob;
import com.example.platform.scheduling.sharding.Split;

import org.springframework.stereotype.Component;

/**
 * Counts the orders of the day before, each instance those of some users, and writes the
 * sum down.
 */
@Component
class DailySummary implements ShardedJob<OrderCounts> {

	private static final int SHARDS = 16;

	private final SummaryRepository summaries;

	DailySummary(SummaryRepository summaries) {
		this.summaries = summaries;
	}

	@Override
	public String name() {
		return "daily-summary";
	}

	@Override
	public JobDefinition schedule(JobDefinition split) {
		// By then each of them is paid, cancelled or has expired.
		return split.cron("0 0 1 * * *", ZoneOffset.UTC);
	}

	@Override
	public Split split(JobRun run) {
		return Split.byHash(SHARDS);
	}

	@Override
	public OrderCounts work(JobRun run, Shard shard, Instant due) {
		// By the remainder of the user's number, which SQL can tell, too.
		return summaries.count(dayBefore(due), shard.index(), shard.count());
	}

	@Override
	public void merge(JobRun run, List<OrderCounts> results, Instant due) {
		OrderCounts sum = results.stream().reduce(OrderCounts.NONE, OrderCounts::plus);
		run.once(() -> summaries.write(dayBefore(due), sum));
	}

	@Override
	public Class<OrderCounts> resultType() {
		return OrderCounts.class;
	}

	private static LocalDate dayBefore(Instant due) {
		return due.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1);
	}

}
