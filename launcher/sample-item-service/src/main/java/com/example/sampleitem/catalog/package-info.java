// if database
/**
 * Sample items: what they are, and what can be done with them.
 */
@NullMarked
package com.example.sampleitem.catalog;

import org.jspecify.annotations.NullMarked;
// end
