package com.example.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.example.launcher.process.LocalSystemException;
import com.example.launcher.process.ProcessIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StateFileTests {

	private static final ProcessIdentity GONE = new ProcessIdentity(ProcessIdentity.current().pid(), 1);

	private final Instance consul = Instance.planned("consul", "consul", 8500, 0, 0);

	private final Instance user2 = Instance.planned("user-service-2", "user-service", 8202, 9202, 0).runningAs(GONE);

	private final Instance user10 = Instance.planned("user-service-10", "user-service", 8210, 9210, 0);

	private final Path folder;

	private final StateFile file;

	StateFileTests(@TempDir Path folder) {
		this.folder = folder;
		this.file = new StateFile(folder.resolve("state"));
	}

	@Test
	void whatIsWrittenIsReadAgain() {
		SystemState state = state(GONE, consul, user10, user2.startedAgain(GONE, "ended by itself"));
		file.create(state);

		assertThat(new StateFile(folder.resolve("state")).read()).contains(state);
	}

	@Test
	void aSecondSystemIsRefusedWhileTheFirstRuns() {
		file.create(state(ProcessIdentity.current(), consul));

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(() -> file.create(state(GONE)))
			.withMessageContaining("already runs")
			.withMessageContaining("./dev down");
	}

	@Test
	void whatALauncherLeftThatIsGoneIsReplaced() {
		file.create(state(GONE, user2));
		file.create(state(ProcessIdentity.current(), consul));

		assertThat(file.read()).contains(state(ProcessIdentity.current(), consul));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"launcher\":", "", "null", "{}", "[]", "\u0000\u0000\u0000" })
	void aBrokenFileIsToldWithARemedy(String content) throws IOException {
		file.create(state(GONE));
		Files.writeString(folder.resolve("state/state.json"), content);

		assertThatExceptionOfType(LocalSystemException.class).isThrownBy(file::read)
			.withMessageContaining("state.json cannot be read")
			.withMessageContaining("./dev down");
		assertThat(file.exists()).isTrue();
		assertThat(file.readable()).isEmpty();
	}

	@Test
	void aFileOfAnOlderLauncherIsRead() throws IOException {
		file.create(state(GONE));
		Files.writeString(folder.resolve("state/state.json"), """
				{"launcher": {"pid": 1, "startTime": 1}, "detached": true, "consulPort": 8500,
				"configRepo": "config-repo", "prebuilt": false, "instances": [{"name": "user-service-2",
				"component": "user-service", "port": 8202, "grpcPort": 9202, "managementPort": 0}]}
				""");

		assertThat(file.read().orElseThrow().instances()).containsExactly(user2.ended());
	}

	@Test
	void aFolderThatCannotBeWrittenIsToldWithARemedy() throws IOException {
		Path noFolder = Files.createFile(folder.resolve("file"));

		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> new StateFile(noFolder.resolve("state")).create(state(GONE)))
			.withMessageContaining("cannot be written")
			.withMessageContaining(noFolder + " is a file, not a folder. Delete it.");
	}

	@Test
	void aStoppedSystemIsNotBroughtBackByALateChange() {
		file.create(state(GONE, consul));
		file.delete();

		assertThatExceptionOfType(LocalSystemException.class)
			.isThrownBy(() -> file.update((state) -> state.with(user2)))
			.withMessageContaining("stopped meanwhile");
		assertThat(file.read()).isEmpty();
	}

	@Test
	void anInstanceThatIsGoneIsNotBroughtBackByALateChange() {
		SystemState changed = state(GONE, consul).changing(user2.name(), (instance) -> user2);

		assertThat(changed).isEqualTo(state(GONE, consul));
	}

	@Test
	void aChangedInstanceKeepsItsPlace() {
		SystemState changed = state(GONE, consul, user2, user10).with(user2.ended());

		assertThat(changed.instances()).containsExactly(consul, user2.ended(), user10);
	}

	@Test
	void instancesAreSortedByNumber() {
		assertThat(state(GONE, user10, consul, user2).instancesOf("user-service")).containsExactly(user2, user10);
	}

	private static SystemState state(ProcessIdentity launcher, Instance... instances) {
		return new SystemState(launcher, 8500, "config-repo", false, false, Map.of("user-service", "image"),
				List.of(instances));
	}

}
