package io.rustpipe.spark.config;

/** How a manifest's files are read. */
public enum ManifestFormat {
  /** Decided by the names of the files. */
  AUTO,
  /** One URL a line. */
  TEXT,
  /** One JSON object a line. */
  JSON,
  /** Values between delimiters, usually below a header. */
  CSV,
  /** Parquet files. */
  PARQUET,
  /** ORC files. */
  ORC
}
