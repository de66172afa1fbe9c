/**
 * Invented rows on two ways into Spark: rustpipe's protocol, and {@code RDD.pipe} with {@code
 * read.json} and its schema given. {@code benchmarks/rowpath} runs it.
 */
package io.rustpipe.benchmarks.rowpath;
