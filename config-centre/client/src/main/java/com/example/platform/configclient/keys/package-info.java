/**
 * What config server and instances know of configuration keys: which there are, which one
 * was meant by a misspelled one, and which value of a key is in force.
 */
@NullMarked
package com.example.platform.configclient.keys;

import org.jspecify.annotations.NullMarked;
