/**
 * What the files of one revision say: parsed, checked, compared with another revision,
 * and answered by the protocol of Spring Cloud Config. All of it works in memory; nothing
 * here reads the folder or knows how revisions are kept. Guarded by
 * {@code ConfigurationTests}, {@code ConfigurationCheckTests} and
 * {@code RevisionEnvironmentsTests}.
 */
@NullMarked
package com.example.configserver.content;

import org.jspecify.annotations.NullMarked;
