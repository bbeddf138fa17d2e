// if database
package com.example.sampleitem.catalog;

// if jobs
import java.time.Duration;
// end
import java.util.List;

import jakarta.validation.Valid;

import org.springframework.stereotype.Service;
import org.springframework.validation.annotation.Validated;

/**
 * What can be done with sample items, whichever way they come in. Arguments that break a
 * rule are refused with a {@code ConstraintViolationException}.
 */
@Service
@Validated
class SampleItems {

	private final SampleItemRepository sampleItems;

	SampleItems(SampleItemRepository sampleItems) {
		this.sampleItems = sampleItems;
	}

	/**
	 * Creates a sample item.
	 */
	SampleItem create(@Valid NewSampleItem sampleItem) {
		return sampleItems.insert(sampleItem);
	}

	/**
	 * Returns a sample item.
	 * @throws SampleItemNotFoundException if none has this id
	 */
	SampleItem get(long id) {
		return sampleItems.find(id).orElseThrow(() -> new SampleItemNotFoundException(id));
	}

	/**
	 * Returns a page of sample items in ascending order of id.
	 * @param afterId only those with a larger id
	 * @param size the most to return
	 */
	List<SampleItem> list(long afterId, int size) {
		return sampleItems.findAfter(afterId, size);
	}

	// if jobs
	/**
	 * Deletes the oldest sample items, if they are older than that.
	 * @param most the most to delete
	 * @return how many were deleted
	 */
	int deleteOlderThan(Duration age, int most) {
		return sampleItems.deleteOlderThan(age, most);
	}

	// end

}
// end
