// if client
@NullMarked
package com.example.sampleitem.user;

import org.jspecify.annotations.NullMarked;
// end
