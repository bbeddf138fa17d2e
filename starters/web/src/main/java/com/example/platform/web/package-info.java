/**
 * REST the way every service of the platform speaks it: errors are RFC 9457 problem
 * details that name each bad field, JSON is read strictly, and request bodies are
 * bounded.
 */
@NullMarked
package com.example.platform.web;

import org.jspecify.annotations.NullMarked;
