/**
 * The end-to-end race: the same totals over the same tarballs by a plain Rust program without
 * Spark, by rustpipe, and by {@code RDD.pipe}, in turns within one JVM. {@code benchmarks/race}
 * builds, starts the server and calls {@link io.rustpipe.benchmarks.race.Race}.
 */
package io.rustpipe.benchmarks.race;
