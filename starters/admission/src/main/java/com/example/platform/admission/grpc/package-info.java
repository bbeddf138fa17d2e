/**
 * Admission of calls to a gRPC server.
 */
@NullMarked
package com.example.platform.admission.grpc;

import org.jspecify.annotations.NullMarked;
