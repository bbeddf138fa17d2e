/**
 * What a process takes on at once: so many calls, and so many bytes of request bodies, as
 * it can carry. What is over is refused before any work. Guarded by
 * {@code AdmissionTests}, {@code BodyMemoryTests} and {@code AdmissionIntegrationTests}.
 */
@NullMarked
package com.example.platform.admission;

import org.jspecify.annotations.NullMarked;
