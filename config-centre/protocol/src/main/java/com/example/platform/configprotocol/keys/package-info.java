/**
 * What config server and instances know of configuration keys: how they are spelled,
 * which there are, and which value of a key is in force. Needs Spring Boot on the class
 * path, which {@code ./dev} does not have.
 */
@NullMarked
package com.example.platform.configprotocol.keys;

import org.jspecify.annotations.NullMarked;
