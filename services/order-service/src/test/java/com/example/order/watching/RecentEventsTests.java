package com.example.order.watching;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import com.example.order.placing.Money;
import com.example.order.placing.Order;
import com.example.order.placing.OrderLine;
import com.example.order.placing.OrderStatus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RecentEventsTests {

	private static final int ALL_USERS = 0;

	private static final RecentEvents RECENT = RecentEvents.NONE.with(events(1, 5, 0));

	@Test
	void whatFollowsAPlaceIsReturnedInOrder() {
		assertThat(RECENT.after(place(2), ALL_USERS, 10)).hasValue(new EventBatch(events(3, 5, 0), place(5)));
	}

	@Test
	void aFullBatchEndsBehindItsLastEvent() {
		assertThat(RECENT.after(place(0), ALL_USERS, 2)).hasValue(new EventBatch(events(1, 2, 0), place(2)));
	}

	@Test
	void whoWantsOneUserStillGetsBehindTheEventsOfOthers() {
		assertThat(RECENT.after(place(0), 4, 10)).hasValue(new EventBatch(events(4, 4, 0), place(5)));
		assertThat(RECENT.after(place(0), 9, 10)).hasValue(new EventBatch(List.of(), place(5)));
	}

	@Test
	void whoIsAheadIsNotSetBack() {
		assertThat(RECENT.after(place(7), ALL_USERS, 10)).hasValue(new EventBatch(List.of(), place(7)));
	}

	@Test
	void theOldestEventsGoForNewOnes() {
		RecentEvents later = RECENT.with(events(6, 2005, 0));
		assertThat(later.after(place(4), ALL_USERS, 10)).isEmpty();
		assertThat(later.after(place(5), ALL_USERS, 1)).hasValue(new EventBatch(events(6, 6, 0), place(6)));
		assertThat(later.events()).hasSize(2000);
	}

	@Test
	void linesCountAndNoneOfTheNewEventsGoes() {
		RecentEvents later = RECENT.with(events(6, 25, 100));
		assertThat(later.events()).isEqualTo(events(6, 25, 100));
		assertThat(later.begin()).isEqualTo(place(5));
	}

	private static Cursor place(int number) {
		return new Cursor(number, 0);
	}

	private static List<OrderEvent> events(int first, int last, int lines) {
		return IntStream.rangeClosed(first, last)
			.mapToObj((i) -> new OrderEvent(place(i), OrderStatus.PLACED,
					new Order(new UUID(0, i), i, OrderStatus.PLACED,
							Collections.nCopies(lines, new OrderLine("A", 1, new Money(1, "EUR"))),
							new Money(lines, "EUR"), Instant.EPOCH, null, null, false),
					Instant.EPOCH))
			.toList();
	}

}
