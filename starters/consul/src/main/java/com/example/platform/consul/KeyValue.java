package com.example.platform.consul;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An entry of Consul's key-value store.
 *
 * @param key its whole path, without a slash before it
 * @param value the value as text; empty when there is none
 * @param modifyIndex grows with each write to the key, and goes back when an earlier
 * snapshot is restored; positive
 * @param session the session that holds the key as a lock; {@code null} when none does
 */
public record KeyValue(String key, String value, long modifyIndex, @Nullable String session) {

	@JsonCreator
	static KeyValue of(@JsonProperty("Key") String key, @JsonProperty("Value") byte @Nullable [] value,
			@JsonProperty("ModifyIndex") long modifyIndex, @JsonProperty("Session") @Nullable String session) {
		return new KeyValue(key, (value != null) ? new String(value, StandardCharsets.UTF_8) : "", modifyIndex,
				session);
	}

}
