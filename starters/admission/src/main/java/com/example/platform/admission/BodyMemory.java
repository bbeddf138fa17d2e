package com.example.platform.admission;

import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * How many bytes of request bodies may be under way: a share of the heap, since what
 * becomes of a body, its texts and objects, takes several times its bytes. A body that is
 * larger than the share has room when there is no other. Thread-safe; nobody ever waits.
 */
public final class BodyMemory {

	private final long heap;

	private final Counter refused;

	private final AtomicLong taken = new AtomicLong();

	private volatile long capacity;

	/**
	 * Creates an empty memory.
	 * @param settings the share
	 * @param heap bytes of the heap
	 * @param meters takes its metrics
	 */
	public BodyMemory(AdmissionSettings settings, long heap, MeterRegistry meters) {
		this.heap = heap;
		configure(settings);
		Gauge.builder("platform.admission.bodies", taken, AtomicLong::get)
			.description("Request bodies under way")
			.baseUnit("bytes")
			.register(meters);
		this.refused = Counter.builder("platform.admission.bodies.refused")
			.description("Request bodies refused because too many bytes are under way")
			.register(meters);
	}

	/**
	 * Changes the share.
	 * @param settings the new share
	 */
	public void configure(AdmissionSettings settings) {
		capacity = (long) (heap * settings.bodyShare());
	}

	/**
	 * Begins to account for a body.
	 * @return nothing as yet
	 */
	public Reservation reserve() {
		return new Reservation();
	}

	/**
	 * The bytes of one body. For one thread at a time, but for {@link #release()}.
	 */
	public final class Reservation {

		private final AtomicLong mine = new AtomicLong();

		/**
		 * Makes room for a body that has grown, or says how long it will be, or gives
		 * back what is no longer kept of it.
		 * @param bytes its length now
		 * @return whether there was room; if not, nothing has changed
		 */
		public boolean resize(long bytes) {
			long present = mine.get();
			long more = Math.max(0, bytes) - present;
			if (present < 0 || more == 0) {
				return true;
			}
			long all = taken.addAndGet(more);
			if (all > capacity && all > present + more && more > 0) {
				taken.addAndGet(-more);
				refused.increment();
				return false;
			}
			if (!mine.compareAndSet(present, present + more)) {
				// Released in between.
				taken.addAndGet(-more);
			}
			return true;
		}

		/**
		 * Tells whether a body could have room, without taking it.
		 * @param bytes its length
		 * @return whether there is room now
		 */
		public boolean hasRoomFor(long bytes) {
			long others = taken.get();
			boolean room = others == 0 || bytes <= capacity - others;
			if (!room) {
				refused.increment();
			}
			return room;
		}

		/**
		 * Gives all back. It takes nothing any more after that.
		 */
		public void release() {
			long present = mine.getAndSet(-1);
			if (present > 0) {
				taken.addAndGet(-present);
			}
		}

	}

}
