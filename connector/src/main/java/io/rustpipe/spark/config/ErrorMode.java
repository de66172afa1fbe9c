package io.rustpipe.spark.config;

/** What becomes of an input that ends in an error. The names are those of Spark's own readers. */
public enum ErrorMode {
  /** The input's error is a row. */
  PERMISSIVE,
  /** The input's error row is left out. */
  DROPMALFORMED,
  /** The first input that ends in an error fails the query. */
  FAILFAST
}
