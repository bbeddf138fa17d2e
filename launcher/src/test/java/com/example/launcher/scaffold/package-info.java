@NullMarked
package com.example.launcher.scaffold;

import org.jspecify.annotations.NullMarked;
