package com.example.launcher.contracts;

import java.util.List;

/**
 * Something that a contract must not do.
 *
 * @param file where, below the folder of the repository
 * @param line which line of it
 * @param reason what is wrong
 * @param breaks whether it breaks what was released, instead of being badly written
 * @param callers the calls that break by it
 */
public record Breakage(String file, int line, String reason, boolean breaks, List<Caller> callers) {
}
