package com.example.configserver.content;

import com.example.configserver.content.Difference.Change;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DifferenceTests {

	@Test
	void tellsWhatChangesForAService() {
		Configuration before = Samples.configuration("application.yml", "a: 1\nb: 1\nsame: 1\nlist: [1, 2]",
				"order-service.yml", "b: 2\ngone: x\nmap.Word: 1", "user-service.yml", "x: 1");
		Configuration after = Samples.configuration("application.yml", "# moved\na: 2\nb: 5\nsame: 1\nlist: [1, 2]",
				"order-service.yml", "b: 2\nnew: x\nlist: [3]\nmap.word: 1", "user-service.yml", "x: 2");
		assertThat(Difference.ofService(before, after, "order-service")).containsExactly(
				new Change("a", "1", "2", "application.yml", 2),
				new Change("gone", "x", null, "order-service.yml", null),
				new Change("list[0]", "1", "3", "order-service.yml", 3),
				new Change("list[1]", "2", null, "application.yml", null),
				new Change("map.Word", "1", null, "order-service.yml", null),
				new Change("map.word", null, "1", "order-service.yml", 4),
				new Change("new", null, "x", "order-service.yml", 2));
		assertThat(Difference.ofService(after, after, "order-service")).isEmpty();
	}

	@Test
	void tellsWhatChangesForSomeProfile() {
		Configuration before = Samples.configuration("a.yml", "x: 1\n---\nspring.config.activate.on-profile: p\nx: 1\n",
				"a-prod.yml", "x: 1\nsame: 1", "b.yml", "x: 1", "b-prod.yml", "x: 1");
		Configuration after = Samples.configuration("a.yml", "x: 1\n---\nspring.config.activate.on-profile: p\nx: 2\n",
				"a-prod.yml", "x: 3\nsame: 1", "b.yml", "x: 1", "b-prod.yml", "x: 4");
		assertThat(Difference.ofService(before, after, "a")).containsExactly(new Change("x", "1", "3", "a-prod.yml", 1),
				new Change("x", "1", "2", "a.yml", 4));
	}

	@Test
	void tellsWhatChangesForServicesWithoutAFile() {
		Configuration before = Samples.configuration("application.yml", "x: 1", "application-prod.yml", "x: 1");
		Configuration after = Samples.configuration("application.yml", "x: 2", "application-prod.yml", "x: 3");
		assertThat(Difference.ofService(before, after, "application")).containsExactly(
				new Change("x", "1", "3", "application-prod.yml", 1), new Change("x", "1", "2", "application.yml", 1));
	}

	@Test
	void tellsWhatChangesInTheFiles() {
		Configuration before = Samples.configuration("a.yml", "x: 1\n---\nspring.config.activate.on-profile: p\nx: 1");
		Configuration after = Samples.configuration("a.yml", "x: 1\n---\nspring.config.activate.on-profile: p\nx: 2",
				"b.yml", "x: 3");
		assertThat(Difference.ofAll(before, after)).containsExactly(new Change("x", "1", "2", "a.yml", 4),
				new Change("x", null, "3", "b.yml", 1));
		assertThat(Difference.ofAll(null, before)).hasSize(3);
	}

	@Test
	void showsThatASecretChangesButNotTheSecret() {
		Configuration before = Samples.configuration("a.yml",
				"x: '{cipher}s3cret1'\ndb.password: s3cret1\nurl: http://me:s3cret1@host");
		Configuration after = Samples.configuration("a.yml",
				"x: '{cipher}s3cret2'\ndb.password: s3cret2\nurl: http://me:s3cret2@host");
		assertThat(Difference.ofService(before, after, "a")).containsExactly(
				new Change("db.password", "******", "******", "a.yml", 2),
				new Change("url", "http://me:******@host", "http://me:******@host", "a.yml", 3),
				new Change("x", "{cipher}******", "{cipher}******", "a.yml", 1));
	}

}
