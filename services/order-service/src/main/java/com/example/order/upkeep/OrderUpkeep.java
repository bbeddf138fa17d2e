package com.example.order.upkeep;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

import com.example.order.placing.Orders;
import com.example.platform.scheduling.job.Job;
import com.example.platform.scheduling.job.JobRun;
import com.example.platform.scheduling.job.Overlap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.stereotype.Component;

/**
 * Jobs on orders.
 */
@Component
class OrderUpkeep {

	private static final Log log = LogFactory.getLog(OrderUpkeep.class);

	// Rows that one transaction locks.
	private static final int BATCH = 500;

	private final Orders orders;

	private final Supplier<UpkeepSettings> settings;

	OrderUpkeep(Orders orders, Supplier<UpkeepSettings> settings) {
		this.orders = orders;
		this.settings = settings;
	}

	@Job(name = "expire-unpaid-orders", cron = "0 * * * * *", overlap = Overlap.SKIP)
	void expireUnpaidOrders(JobRun run) {
		int expired = inBatches(run, () -> orders.expireUnpaid(settings.get().payableFor(), BATCH));
		if (expired > 0) {
			log.info(expired + " orders were not paid in time and have expired");
		}
	}

	@Job(name = "forget-idempotency-keys", fixedDelay = "10m")
	void forgetIdempotencyKeys(JobRun run) {
		inBatches(run, () -> orders.forgetKeys(settings.get().keysKeptFor(), BATCH));
	}

	// A batch that an earlier attempt has made is not made again, nor one by an instance
	// that has lost the run.
	private static int inBatches(JobRun run, IntSupplier batch) {
		AtomicInteger sum = new AtomicInteger();
		AtomicBoolean more = new AtomicBoolean(true);
		for (int number = 0; more.get(); number++) {
			run.once("batch-" + number, () -> {
				int size = batch.getAsInt();
				sum.addAndGet(size);
				more.set(size == BATCH);
			});
		}
		return sum.get();
	}

}
