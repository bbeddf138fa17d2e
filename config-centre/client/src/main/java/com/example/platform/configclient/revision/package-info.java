/**
 * What a revision says to one service, as properties and as a snapshot on disk.
 */
@NullMarked
package com.example.platform.configclient.revision;

import org.jspecify.annotations.NullMarked;
