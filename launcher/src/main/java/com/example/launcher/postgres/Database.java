package com.example.launcher.postgres;

/**
 * A database and the role that owns it, in the terms of a JDBC data source.
 *
 * @param url JDBC URL
 * @param username role
 * @param password password of the role
 */
public record Database(String url, String username, String password) {

	/** Without the password, so that it reaches no log. */
	@Override
	public String toString() {
		return username + " at " + url;
	}

}
