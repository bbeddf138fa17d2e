package com.example.platform.test;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets tests wait longer than Awaitility's ten seconds for what must happen. A test that
 * means a time says it; else a busy machine is no failure. JUnit finds this class by
 * itself.
 */
public final class TestPatience implements LauncherSessionListener {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		Awaitility.setDefaultTimeout(PATIENCE);
	}

}
