package com.example.launcher;

/**
 * What became of an instance that died or hung though nobody asked.
 *
 * @param count how often it was started again since somebody has started it
 * @param reason what happened last, as the rest of a sentence about it
 * @param gaveUp whether it is not started again any more
 */
public record Restarts(int count, String reason, boolean gaveUp) {

}
