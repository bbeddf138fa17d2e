package com.example.platform.consul;

import java.util.Locale;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one check of an instance or of its node says. Made of Consul's answers; what is
 * absent there is empty here.
 *
 * @param id its id
 * @param status whether it passes
 * @param type how it is checked, such as {@code http}, {@code grpc} or {@code ttl}
 * @param output what it said last
 * @param notes what was registered with it for people
 */
public record Check(@JsonProperty("CheckID") String id, @JsonProperty("Status") Status status,
		@JsonProperty("Type") String type, @JsonProperty("Output") String output, @JsonProperty("Notes") String notes) {

	public Check {
		id = Objects.requireNonNullElse(id, "");
		status = Objects.requireNonNullElse(status, Status.PASSING);
		type = Objects.requireNonNullElse(type, "");
		output = Objects.requireNonNullElse(output, "");
		notes = Objects.requireNonNullElse(notes, "");
	}

	/**
	 * Tells whether the instance must not be called.
	 * @return whether the check is critical
	 */
	public boolean isCritical() {
		return status == Status.CRITICAL;
	}

	/**
	 * What a check says, the worst last.
	 */
	public enum Status {

		/** All is well. */
		@JsonEnumDefaultValue
		PASSING,

		/** The instance can be called, though not all is well. */
		WARNING,

		/** The instance must not be called. */
		CRITICAL;

		/**
		 * Returns the status as Consul spells it.
		 */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
