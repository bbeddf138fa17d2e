package com.example.launcher.contracts;

/**
 * A place in the code that calls a method of a contract.
 *
 * @param module the module that it is in, such as {@code services/order-service}
 * @param file the file, below the folder of the repository
 * @param line which line of it
 * @param method what is called, such as {@code user.v1.UserService/GetUser}
 */
public record Caller(String module, String file, int line, String method) {
}
