/**
 * User accounts: created, read, listed, changed, deleted and imported, over REST and gRPC
 * by the same rules.
 */
@NullMarked
package com.example.user.account;

import org.jspecify.annotations.NullMarked;
