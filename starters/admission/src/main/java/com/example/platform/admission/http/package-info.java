/**
 * What is refused over HTTP.
 */
@NullMarked
package com.example.platform.admission.http;

import org.jspecify.annotations.NullMarked;
