/**
 * User accounts: created, read, listed, changed and deleted over REST; read and asked for
 * eligibility over gRPC.
 */
@NullMarked
package com.example.user.account;

import org.jspecify.annotations.NullMarked;
