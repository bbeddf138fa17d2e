/**
 * What orders need to know of users, in the terms of orders; user-service is behind it.
 */
@NullMarked
package com.example.order.customer;

import org.jspecify.annotations.NullMarked;
