/**
 * Auto-configuration of admission.
 */
@NullMarked
package com.example.platform.admission.autoconfigure;

import org.jspecify.annotations.NullMarked;
