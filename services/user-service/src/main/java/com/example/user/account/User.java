package com.example.user.account;

import java.time.Instant;

/**
 * A user as stored.
 *
 * @param id positive, given by the database in ascending order
 * @param name what the user is called
 * @param email unique over all users, compared without case
 * @param status whether the user may order
 * @param createdAt when the user was created
 */
record User(long id, String name, String email, UserStatus status, Instant createdAt) {
}
