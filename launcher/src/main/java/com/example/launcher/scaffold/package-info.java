/**
 * Changes of the repository itself: a new service, one that goes, another name. Text and
 * folders, nothing else: what is planned is a set of files, written at once or not at
 * all.
 */
@NullMarked
package com.example.launcher.scaffold;

import org.jspecify.annotations.NullMarked;
