package com.example.launcher.cli;

import picocli.CommandLine.IVersionProvider;

/**
 * Which JVM runs the launcher, and with it the system.
 */
final class Version implements IVersionProvider {

	Version() {
	}

	@Override
	public String[] getVersion() {
		return new String[] { "Java " + Runtime.version() + " at " + System.getProperty("java.home") };
	}

}
