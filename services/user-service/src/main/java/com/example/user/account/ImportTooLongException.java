package com.example.user.account;

/**
 * Thrown when an import has more users than the service accepts at once.
 */
final class ImportTooLongException extends RefusedException {

	ImportTooLongException(int maxImport) {
		super("an import may have at most " + maxImport + " users");
	}

}
