// if jobs
package com.example.sampleitem.catalog;

import java.util.function.Supplier;

import com.example.platform.scheduling.job.Job;

import org.springframework.stereotype.Component;

/**
 * Jobs on sample items.
 */
@Component
class SampleItemUpkeep {

	// Rows that one statement deletes.
	private static final int BATCH = 500;

	private final SampleItems sampleItems;

	private final Supplier<UpkeepSettings> settings;

	SampleItemUpkeep(SampleItems sampleItems, Supplier<UpkeepSettings> settings) {
		this.sampleItems = sampleItems;
		this.settings = settings;
	}

	// To delete what is gone already does no harm, so that no effect needs to be noted.
	@Job(name = "delete-old-sample-items", fixedDelay = "10m")
	void deleteOldSampleItems() {
		int deleted;
		do {
			deleted = sampleItems.deleteOlderThan(settings.get().keptFor(), BATCH);
		}
		while (deleted == BATCH);
	}

}
// end
