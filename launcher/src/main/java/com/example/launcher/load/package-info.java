/**
 * An open-loop load over HTTP: requests are due by a schedule, whatever becomes of those
 * before them, and times count from when a request was due. {@link Load} is the page to
 * read first.
 */
@NullMarked
package com.example.launcher.load;

import org.jspecify.annotations.NullMarked;
