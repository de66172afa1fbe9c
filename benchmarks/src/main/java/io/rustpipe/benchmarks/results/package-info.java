/** The benchmarks' figures: how they are handed on, and how {@code RESULTS.md} is made of them. */
package io.rustpipe.benchmarks.results;
