@NullMarked
package com.example.launcher.contracts;

import org.jspecify.annotations.NullMarked;
