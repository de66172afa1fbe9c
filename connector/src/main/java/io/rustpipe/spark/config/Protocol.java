package io.rustpipe.spark.config;

import java.util.Locale;

/** What a worker and the connector say to each other. */
public enum Protocol {
  /** Frames, as {@code docs/protocol.md} has them. */
  RUSTPIPE,
  /** A line in, lines out: what programs do that know nothing of this project. */
  LINES;

  /** The word in options. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
