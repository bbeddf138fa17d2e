/**
 * Admission of HTTP requests to a servlet container.
 */
@NullMarked
package com.example.platform.admission.servlet;

import org.jspecify.annotations.NullMarked;
