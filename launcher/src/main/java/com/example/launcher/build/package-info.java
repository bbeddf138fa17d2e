/**
 * From sources to something that starts fast: what is stale is built, and every
 * application gets an unpacked image with a class archive.
 */
@NullMarked
package com.example.launcher.build;

import org.jspecify.annotations.NullMarked;
