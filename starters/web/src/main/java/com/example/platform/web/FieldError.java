package com.example.platform.web;

/**
 * One bad part of a request.
 *
 * @param field what is bad: the path of a JSON property, or the name of a parameter or
 * header, or {@code body}, {@code path} or {@code method}
 * @param reason what is wrong with it, for a person
 */
public record FieldError(String field, String reason) {
}
