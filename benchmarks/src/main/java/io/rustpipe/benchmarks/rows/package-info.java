/**
 * Ways to turn a worker's frames into Spark's rows, measured against each other: the connector's
 * decoder, a columnar one that lives only here, and Jackson. {@code benchmarks/rows} runs them.
 */
package io.rustpipe.benchmarks.rows;
