/**
 * One deadline for each request, which all its attempts share.
 */
@NullMarked
package com.example.gateway.deadline;

import org.jspecify.annotations.NullMarked;
