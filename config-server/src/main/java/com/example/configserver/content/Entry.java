package com.example.configserver.content;

/**
 * A key with the place of its value in the text of a file.
 *
 * @param key full name of the key, with dots and indexes
 * @param value the value as text
 * @param line line of the key, counted from 1
 * @param start offset of the value's first character in the text
 * @param end offset behind the value's last character
 */
record Entry(String key, String value, int line, int start, int end) {
}
