package io.rustpipe.spark.config;

/** How the rows of a manifest are shared out over tasks. */
public enum Partitioning {
  /** Evenly, by their number. */
  COUNT,
  /** All URLs of a host to the same task. */
  HOST
}
