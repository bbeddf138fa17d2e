/**
 * gRPC errors the way every service of the platform gives them: a status code, a
 * sentence, and {@code google.rpc.BadRequest} details that name each bad field.
 */
@NullMarked
package com.example.platform.grpc;

import org.jspecify.annotations.NullMarked;
