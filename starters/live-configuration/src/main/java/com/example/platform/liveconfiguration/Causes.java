package com.example.platform.liveconfiguration;

/**
 * Describes failures without their messages, which quote values: those may be secrets.
 */
public final class Causes {

	private Causes() {
	}

	/**
	 * Names the types of a failure and of its causes, and where each came from.
	 * @param failure the failure
	 * @return one line
	 */
	public static String withoutMessages(Throwable failure) {
		StringBuilder text = new StringBuilder();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			StackTraceElement[] trace = cause.getStackTrace();
			text.append(text.isEmpty() ? "" : ", caused by ")
				.append(cause.getClass().getName())
				.append((trace.length > 0) ? " at " + trace[0] : "");
		}
		return text.toString();
	}

}
