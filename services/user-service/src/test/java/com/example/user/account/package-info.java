/**
 * Tests of user accounts: slices for bad input, and the whole service on PostgreSQL.
 */
@NullMarked
package com.example.user.account;

import org.jspecify.annotations.NullMarked;
