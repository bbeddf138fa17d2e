package com.example.configserver.history;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One state of the configuration files.
 *
 * @param id the first 12 hexadecimal digits of the commit's SHA-1
 * @param parent id of the revision before; {@code null} for the first
 * @param author who made the change
 * @param time when it became part of the history, to the second
 * @param message what was changed, or why
 */
public record Revision(String id, @Nullable String parent, String author, Instant time, String message) {

}
