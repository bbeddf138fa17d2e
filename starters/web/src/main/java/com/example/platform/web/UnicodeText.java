package com.example.platform.web;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;

/**
 * Reads a text of JSON, and refuses one that cannot be kept as it is: half a surrogate
 * pair, which JSON can escape, becomes a question mark in UTF-8, and PostgreSQL takes no
 * NUL.
 */
final class UnicodeText extends StringDeserializer {

	@Override
	public String deserialize(JsonParser parser, DeserializationContext context) throws JacksonException {
		String text = super.deserialize(parser, context);
		if (text != null && text.codePoints().anyMatch(UnicodeText::cannotBeKept)) {
			throw new InvalidFormatException(parser, "must not contain NUL or half a surrogate pair", text,
					String.class);
		}
		return text;
	}

	// A pair is one code point, so what is left of surrogates here has no other half.
	private static boolean cannotBeKept(int codePoint) {
		return codePoint == 0 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
	}

}
