package com.example.configserver.history;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Hides what the user and the system have configured for git, since a history must not
 * depend on who starts the server. JGit has one reader for the whole process.
 */
final class IsolatedSystemReader extends SystemReader.Delegate {

	IsolatedSystemReader(SystemReader system) {
		super(system);
	}

	@Override
	public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
		return new Defaults(fs);
	}

	@Override
	public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
		return new Defaults(fs);
	}

	@Override
	public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
		return new Defaults(fs);
	}

	// GIT_SSH would start a program.
	@Override
	public @Nullable String getenv(String variable) {
		return variable.startsWith("GIT_") ? null : super.getenv(variable);
	}

	/**
	 * What counts unless the repository itself says otherwise. There is no file.
	 */
	private static final class Defaults extends FileBasedConfig {

		private Defaults(FS fs) {
			super(null, fs);
			setString("user", null, "name", "config-server");
			setString("user", null, "email", "config-server@localhost");
			// So that no loss of power leaves a head that cannot be read.
			setBoolean("core", null, "fsyncObjectFiles", true);
			setString("init", null, "defaultBranch", "main");
			// Otherwise JGit retries for ever to write to who does not listen any more
			// (https://github.com/eclipse-jgit/jgit/issues/162).
			setBoolean("pack", null, "reuseObjects", false);
			setBoolean("pack", null, "reuseDeltas", false);
			setBoolean("pack", null, "deltaCompression", false);
			setInt("gc", null, "auto", 0);
			setBoolean("receive", null, "autogc", false);
			// What was packed anew is in no pack twice; no other git works here
			// meanwhile.
			setString("gc", null, "prunePackExpire", "now");
		}

		@Override
		public @Nullable String getString(String section, @Nullable String subsection, String name) {
			// JGit would measure it for seconds, and leave files while it does.
			return (section.equals("filesystem") && name.equals("timestampResolution")) ? "10 milliseconds"
					: super.getString(section, subsection, name);
		}

		@Override
		public void load() {
		}

		@Override
		public void save() {
		}

		@Override
		public boolean isOutdated() {
			return false;
		}

	}

}
