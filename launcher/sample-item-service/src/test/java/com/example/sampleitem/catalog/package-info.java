// if database
@NullMarked
package com.example.sampleitem.catalog;

import org.jspecify.annotations.NullMarked;
// end
