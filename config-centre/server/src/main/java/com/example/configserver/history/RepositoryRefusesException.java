package com.example.configserver.history;

import java.io.IOException;

/**
 * The repository that the configuration comes from takes no changes, and will not take
 * any later either, unless somebody alters it. The message says why and what to do.
 */
public final class RepositoryRefusesException extends IOException {

	RepositoryRefusesException(String message) {
		super(message);
	}

}
