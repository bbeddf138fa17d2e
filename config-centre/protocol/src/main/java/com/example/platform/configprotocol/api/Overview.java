package com.example.platform.configprotocol.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import com.example.platform.configprotocol.InstanceReport;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is released, and which instance runs on what.
 *
 * @param current released revision, {@code null} before the first
 * @param gray revision that some instances get first, {@code null} for none
 * @param head newest saved revision, {@code null} before the first
 * @param drift files that differ from the newest revision, because a restored one could
 * not be written there
 * @param unreadable what stands among the files and cannot be read, with the reasons
 * @param instances every instance that is known
 * @param events what happened last
 */
public record Overview(@Nullable String current, @JsonInclude @Nullable GrayRelease gray, @Nullable String head,
		List<String> drift, List<String> unreadable, List<Instance> instances, List<Event> events) {

	public Overview {
		unreadable = Objects.requireNonNullElse(unreadable, List.of());
	}

	/**
	 * One instance of a service.
	 *
	 * @param service name of the service
	 * @param instance name of the instance
	 * @param revision revision it runs on, {@code null} if unknown
	 * @param gray whether it gets revisions first
	 * @param source where it has its configuration from: {@code server} or
	 * {@code snapshot}
	 * @param since when it took the revision over
	 * @param refused revision it did not accept, {@code null} for none
	 * @param pending changed keys for which it must be restarted
	 */
	public record Instance(String service, String instance, @Nullable String revision, boolean gray,
			@Nullable String source, @Nullable Instant since, InstanceReport.@Nullable Refused refused,
			List<String> pending) {

	}

	/**
	 * Something that happened to a revision.
	 *
	 * @param time when
	 * @param kind what, for example {@code released}
	 * @param revision the revision
	 * @param author who did it
	 * @param message why
	 */
	public record Event(Instant time, String kind, String revision, String author, String message) {

	}

}
