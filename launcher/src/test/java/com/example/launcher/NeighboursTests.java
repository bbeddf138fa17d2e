package com.example.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class NeighboursTests {

	private static final ProcessIdentity GONE = new ProcessIdentity(ProcessIdentity.current().pid(), 1);

	private final Path folder;

	private final Neighbours first;

	private final Neighbours second;

	NeighboursTests(@TempDir Path folder) {
		this.folder = folder;
		this.first = new Neighbours(folder.resolve("first"), folder.resolve("shared"));
		this.second = new Neighbours(folder.resolve("second"), folder.resolve("shared"));
	}

	@Test
	void aSystemKeepsThePortsOfAnInstanceThatDoesNotRun() {
		choose("first", ProcessIdentity.current());

		assertThat(second.have(8081)).isTrue();
		assertThat(second.have(9081)).isTrue();
		assertThat(second.have(8082)).isFalse();
		assertThat(first.have(8081)).as("its own").isFalse();
	}

	@Test
	void aSystemOfWhichNothingRunsKeepsNoPort() {
		choose("first", GONE);

		assertThat(second.have(8081)).isFalse();
	}

	@Test
	void aSystemThatWasStoppedKeepsNoPort() {
		choose("first", ProcessIdentity.current());
		new StateFile(folder.resolve("first")).delete();
		choose("second", ProcessIdentity.current());

		assertThat(second.have(8081)).isFalse();
		assertThat(first.have(8081)).isTrue();
	}

	private void choose(String system, ProcessIdentity launcher) {
		SystemState state = new SystemState(launcher, 8500, "config-repo", false, false, Map.of(),
				List.of(Instance.planned("user-service-1", "user-service", 8081, 9081, 0)));
		(system.equals("first") ? first : second).choose(() -> new StateFile(folder.resolve(system)).create(state));
	}

}
