// if database
package com.example.sampleitem.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
// if jobs
import java.time.Duration;
// end
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of sample items.
 */
@Repository
class SampleItemRepository {

	private final JdbcClient jdbc;

	SampleItemRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	SampleItem insert(NewSampleItem sampleItem) {
		return jdbc.sql("insert into sample_items (name) values (:name) returning *")
			.param("name", sampleItem.name())
			.query(SampleItemRepository::sampleItem)
			.single();
	}

	Optional<SampleItem> find(long id) {
		return jdbc.sql("select * from sample_items where id = :id")
			.param("id", id)
			.query(SampleItemRepository::sampleItem)
			.optional();
	}

	List<SampleItem> findAfter(long afterId, int size) {
		return jdbc.sql("select * from sample_items where id > :afterId order by id limit :size")
			.param("afterId", afterId)
			.param("size", size)
			.query(SampleItemRepository::sampleItem)
			.list();
	}

	// if jobs
	int deleteOlderThan(Duration age, int most) {
		return jdbc.sql("""
				delete from sample_items where id in (
				  select id from sample_items
				  where created_at < now() - make_interval(secs => :seconds)
				  order by id
				  limit :most)""").param("seconds", age.toSeconds()).param("most", most).update();
	}

	// end
	private static SampleItem sampleItem(ResultSet row, int number) throws SQLException {
		return new SampleItem(row.getLong("id"), row.getString("name"),
				row.getObject("created_at", OffsetDateTime.class).toInstant());
	}

}
// end
