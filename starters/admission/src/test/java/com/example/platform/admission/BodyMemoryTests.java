package com.example.platform.admission;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BodyMemoryTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final BodyMemory memory = new BodyMemory(share(0.1), 1_000, meters);

	@Test
	void bodiesHaveRoomUntilTheirShareIsTaken() {
		BodyMemory.Reservation one = memory.reserve();
		BodyMemory.Reservation other = memory.reserve();
		assertThat(one.resize(60)).isTrue();
		assertThat(other.resize(40)).isTrue();
		assertThat(other.resize(41)).isFalse();
		assertThat(taken()).isEqualTo(100);
		one.release();
		assertThat(other.resize(100)).isTrue();
		assertThat(meters.get("platform.admission.bodies.refused").counter().count()).isEqualTo(1);
	}

	@Test
	void aBodyGivesBackWhatIsNoLongerKept() {
		BodyMemory.Reservation body = memory.reserve();
		body.resize(100);
		body.resize(10);
		assertThat(taken()).isEqualTo(10);
		body.resize(-5);
		assertThat(taken()).isZero();
	}

	@Test
	void whatIsReleasedTakesNothingAnyMore() {
		BodyMemory.Reservation body = memory.reserve();
		body.resize(50);
		body.release();
		body.release();
		body.resize(80);
		assertThat(taken()).isZero();
	}

	@Test
	void roomCanBeAskedForWithoutTakingIt() {
		memory.reserve().resize(1);
		assertThat(memory.reserve().hasRoomFor(99)).isTrue();
		assertThat(memory.reserve().hasRoomFor(100)).isFalse();
		assertThat(memory.reserve().hasRoomFor(-1)).isTrue();
		assertThat(memory.reserve().hasRoomFor(Long.MAX_VALUE)).isFalse();
		assertThat(taken()).isEqualTo(1);
	}

	@Test
	void aBodyThatIsLargerThanTheShareHasRoomWhenThereIsNoOther() {
		BodyMemory.Reservation large = memory.reserve();
		assertThat(large.hasRoomFor(5_000)).isTrue();
		assertThat(large.resize(3_000)).isTrue();
		assertThat(large.resize(5_000)).isTrue();
		assertThat(memory.reserve().resize(1)).isFalse();
		large.release();
		memory.reserve().resize(1);
		assertThat(memory.reserve().resize(5_000)).isFalse();
	}

	@Test
	void aNewShareCountsAtOnce() {
		memory.configure(share(0.01));
		assertThat(memory.reserve().resize(9)).isTrue();
		assertThat(memory.reserve().resize(2)).isFalse();
		assertThat(memory.reserve().resize(1)).isTrue();
	}

	private static AdmissionSettings share(double share) {
		return new AdmissionSettings(true, 1, 1, 0.5, 1, share);
	}

	private double taken() {
		return meters.get("platform.admission.bodies").gauge().value();
	}

}
