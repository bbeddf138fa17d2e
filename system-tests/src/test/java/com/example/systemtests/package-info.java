/**
 * Proofs about the system as a whole.
 */
@NullMarked
package com.example.systemtests;

import org.jspecify.annotations.NullMarked;
