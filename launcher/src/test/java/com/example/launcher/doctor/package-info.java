@NullMarked
package com.example.launcher.doctor;

import org.jspecify.annotations.NullMarked;
