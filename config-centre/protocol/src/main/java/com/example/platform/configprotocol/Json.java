package com.example.platform.configprotocol;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON of the documents that config server and instances leave for each other. Fields
 * that a reader does not know are ignored, so that both may be of different age.
 */
public final class Json {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private Json() {
	}

	/**
	 * Reads a document.
	 * @param json its text
	 * @param type what it is
	 * @return the document
	 * @throws tools.jackson.core.JacksonException when it is none
	 */
	public static <T> T read(String json, Class<T> type) {
		return MAPPER.readValue(json, type);
	}

	/**
	 * Writes a document.
	 * @param value the document
	 * @return its text
	 */
	public static String write(Object value) {
		return MAPPER.writeValueAsString(value);
	}

}
