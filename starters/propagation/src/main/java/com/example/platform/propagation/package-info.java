/**
 * What a request carries from hop to hop. Guarded by {@code RequestTimeoutTests}.
 */
@NullMarked
package com.example.platform.propagation;

import org.jspecify.annotations.NullMarked;
