/**
 * Users: who they are and whether they may order.
 */
@NullMarked
package com.example.user;

import org.jspecify.annotations.NullMarked;
