/**
 * A greeting whose text is a live value.
 */
@NullMarked
package com.example.sampleitem.greeting;

import org.jspecify.annotations.NullMarked;
