package com.example.platform.configprotocol.api;

import java.util.List;
import java.util.Objects;

/**
 * The newest revisions.
 *
 * @param revisions newest first
 * @param unreadable what stands among the files and cannot be read, with the reasons
 */
public record History(List<Revision> revisions, List<String> unreadable) {

	public History {
		unreadable = Objects.requireNonNullElse(unreadable, List.of());
	}

}
