package com.example.user.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The table of users. An e-mail address is unique there, so two instances that create the
 * same user at the same moment cannot both succeed.
 */
@Repository
class UserRepository {

	private final JdbcClient jdbc;

	UserRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	User insert(NewUser user) {
		return jdbc.sql("""
				insert into users (name, email) values (:name, :email)
				on conflict (lower(email)) do nothing
				returning *""")
			.param("name", user.name())
			.param("email", user.email())
			.query(UserRepository::user)
			.optional()
			.orElseThrow(() -> new EmailTakenException(user.email()));
	}

	Optional<User> find(long id) {
		return jdbc.sql("select * from users where id = :id").param("id", id).query(UserRepository::user).optional();
	}

	List<User> findAfter(@Nullable UserStatus status, long afterId, int size) {
		return jdbc.sql("""
				select * from users
				where id > :afterId and (:status::text is null or status = :status)
				order by id
				limit :size""")
			.param("afterId", afterId)
			.param("status", (status != null) ? status.name() : null)
			.param("size", size)
			.query(UserRepository::user)
			.list();
	}

	Optional<User> update(long id, UserChange change) {
		try {
			return jdbc.sql("""
					update users set name = :name, email = :email, status = :status
					where id = :id
					returning *""")
				.param("id", id)
				.param("name", change.name())
				.param("email", change.email())
				.param("status", change.status().name())
				.query(UserRepository::user)
				.optional();
		}
		catch (DuplicateKeyException ex) {
			throw new EmailTakenException(change.email());
		}
	}

	boolean delete(long id) {
		return jdbc.sql("delete from users where id = :id").param("id", id).update() > 0;
	}

	private static User user(ResultSet row, int number) throws SQLException {
		return new User(row.getLong("id"), row.getString("name"), row.getString("email"),
				UserStatus.valueOf(row.getString("status")),
				row.getObject("created_at", OffsetDateTime.class).toInstant());
	}

}
