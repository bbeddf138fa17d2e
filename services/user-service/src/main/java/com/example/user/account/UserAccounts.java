package com.example.user.account;

import java.util.List;

import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Service;
import org.springframework.validation.annotation.Validated;

/**
 * What can be done with user accounts, the same over REST and gRPC. Arguments that break
 * a rule are refused with a {@code ConstraintViolationException}.
 */
@Service
@Validated
class UserAccounts {

	private final UserRepository users;

	UserAccounts(UserRepository users) {
		this.users = users;
	}

	/**
	 * Creates a user.
	 * @throws EmailTakenException if another user has the e-mail address
	 */
	User create(@Valid NewUser user) {
		return users.insert(user);
	}

	/**
	 * Returns a user.
	 * @throws UserNotFoundException if no user has this id
	 */
	User get(long id) {
		return users.find(id).orElseThrow(() -> new UserNotFoundException(id));
	}

	/**
	 * Returns a page of users in ascending order of id.
	 * @param status only users with this status; {@code null} means all
	 * @param afterId only users with a larger id
	 * @param size the most users to return
	 */
	List<User> list(@Nullable UserStatus status, long afterId, int size) {
		return users.findAfter(status, afterId, size);
	}

	/**
	 * Tells whether someone exists and may order.
	 */
	Eligibility eligibility(long id) {
		return users.find(id)
			.map((user) -> (user.status() == UserStatus.ACTIVE) ? Eligibility.ELIGIBLE : Eligibility.BLOCKED)
			.orElse(Eligibility.UNKNOWN_USER);
	}

	/**
	 * Changes a user.
	 * @throws UserNotFoundException if no user has this id
	 * @throws EmailTakenException if another user has the e-mail address
	 */
	User change(long id, @Valid UserChange change) {
		return users.update(id, change).orElseThrow(() -> new UserNotFoundException(id));
	}

	/**
	 * Deletes a user.
	 * @throws UserNotFoundException if no user has this id
	 */
	void delete(long id) {
		if (!users.delete(id)) {
			throw new UserNotFoundException(id);
		}
	}

	/**
	 * Whether someone exists and may place orders.
	 */
	enum Eligibility {

		ELIGIBLE, UNKNOWN_USER, BLOCKED

	}

}
