/**
 * What tests share: real servers (PostgreSQL and Consul, with and without Spring, without
 * Docker), and the rules of the architecture. Guarded by {@code ArchitectureRulesTests},
 * {@code WithConsulIntegrationTests} and {@code WithPostgresIntegrationTests}.
 */
@NullMarked
package com.example.platform.test;

import org.jspecify.annotations.NullMarked;
