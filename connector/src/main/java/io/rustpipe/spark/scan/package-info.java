/**
 * Spark's view of a worker's table: one thin class for each role of DataSource V2. Composes {@code
 * config}, {@code manifest}, {@code worker} and {@code row}, and knows no details of theirs.
 */
package io.rustpipe.spark.scan;
