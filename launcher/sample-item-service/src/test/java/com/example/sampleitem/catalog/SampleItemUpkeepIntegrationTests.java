// if jobs
package com.example.sampleitem.catalog;

import com.example.platform.scheduling.job.Jobs;
import com.example.platform.scheduling.queue.RunState;
import com.example.sampleitem.SampleItemServiceTest;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SampleItemServiceTest
class SampleItemUpkeepIntegrationTests {

	private final Jobs jobs;

	private final JdbcClient jdbc;

	SampleItemUpkeepIntegrationTests(Jobs jobs, JdbcClient jdbc) {
		this.jobs = jobs;
		this.jdbc = jdbc;
	}

	@Test
	void whatIsOlderThanTheConfigurationSaysIsDeleted() {
		jdbc.sql("""
				insert into sample_items (name, created_at)
				select 'old', now() - interval '366 days' from generate_series(1, 501)
				union all select 'young', now()""").update();
		String key = jobs.runNow("delete-old-sample-items");
		await().until(() -> jobs.history("delete-old-sample-items", 50)
			.stream()
			.anyMatch((run) -> run.key().equals(key) && run.state() == RunState.SUCCEEDED));
		assertThat(jdbc.sql("select name from sample_items").query(String.class).list()).contains("young")
			.doesNotContain("old");
	}

}
// end
