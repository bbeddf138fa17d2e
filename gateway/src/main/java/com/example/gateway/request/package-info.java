/**
 * What may enter: methods, paths, sizes, WebSockets.
 */
@NullMarked
package com.example.gateway.request;

import org.jspecify.annotations.NullMarked;
