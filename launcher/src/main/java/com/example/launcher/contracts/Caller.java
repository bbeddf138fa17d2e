package com.example.launcher.contracts;

/**
 * A place in the code that calls a method of a contract or an operation of a REST API.
 *
 * @param module the module that it is in, such as {@code services/order-service}
 * @param file the file, below the folder of the repository
 * @param line which line of it
 * @param method what is called, such as {@code user.v1.UserService/GetUser} or {@code GET
 * /api/users/{id}}
 */
public record Caller(String module, String file, int line, String method) {

	@Override
	public String toString() {
		return "%s  %s:%d  %s".formatted(module, file, line, method);
	}

}
