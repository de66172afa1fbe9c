/**
 * The line protocol in Java, as {@code docs/protocol.md} states it: what a frame says and how its
 * bytes are read. Knows neither processes nor Spark.
 */
package io.rustpipe.spark.frame;
