/**
 * Where the handlers of a gRPC server run: fast ones on a pool of the cores' size, those
 * that block on a pool of their own. Guarded by {@code ServerExecutorsTests}.
 */
@NullMarked
package com.example.platform.grpc.server;

import org.jspecify.annotations.NullMarked;
