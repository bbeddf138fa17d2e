/**
 * Tests of the whole order-service on PostgreSQL, beside a gRPC server that answers as
 * user-service's contract says.
 */
@NullMarked
package com.example.order;

import org.jspecify.annotations.NullMarked;
