// if rest or grpc
@NullMarked
package com.example.sampleitem.greeting;

import org.jspecify.annotations.NullMarked;
// end
