package com.example.platform.configprotocol.api;

import java.util.List;

/**
 * The files of a revision.
 *
 * @param revision the revision
 * @param files its files
 */
public record Contents(Revision revision, List<File> files) {

	/**
	 * One file.
	 *
	 * @param name path in the configuration's folder
	 * @param text all of its text
	 */
	public record File(String name, String text) {

	}

}
