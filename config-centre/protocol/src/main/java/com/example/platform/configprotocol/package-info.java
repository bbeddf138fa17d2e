/**
 * What config server and instances leave for each other in Consul: the release, the
 * report of an instance, the keys of a service. All documents are JSON.
 */
@NullMarked
package com.example.platform.configprotocol;

import org.jspecify.annotations.NullMarked;
