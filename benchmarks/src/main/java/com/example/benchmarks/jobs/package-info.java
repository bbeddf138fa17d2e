/**
 * What a history and fences cost the running of jobs.
 */
@NullMarked
package com.example.benchmarks.jobs;

import org.jspecify.annotations.NullMarked;
