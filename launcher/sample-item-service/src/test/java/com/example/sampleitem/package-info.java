@NullMarked
package com.example.sampleitem;

import org.jspecify.annotations.NullMarked;
