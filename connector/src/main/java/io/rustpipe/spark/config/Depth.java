package io.rustpipe.spark.config;

import java.util.Locale;

/** How deep a worker may go into an input; each includes those before it. */
public enum Depth {
  /** The answer without its body. */
  HEAD,
  /** The body as it is. */
  BODY,
  /** The entries of the archive. */
  ENTRIES,
  /** The content of the entries. */
  CONTENT;

  /** Whether archives are read at all. */
  public boolean readsArchives() {
    return compareTo(ENTRIES) >= 0;
  }

  /** The word in options. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
