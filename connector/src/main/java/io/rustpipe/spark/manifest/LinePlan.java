package io.rustpipe.spark.manifest;

import java.util.List;

/**
 * The lines of a manifest, divided among tasks. Two plans are equal if their tasks get the same
 * lines of the same files.
 */
public final class LinePlan {
  private final List<ManifestSplit> splits;
  private final LineReaderFactory readers;
  private final LineManifest manifest;

  LinePlan(List<ManifestSplit> splits, LineReaderFactory readers, LineManifest manifest) {
    this.splits = List.copyOf(splits);
    this.readers = readers;
    this.manifest = manifest;
  }

  /** One split a task; none for a manifest without files or with empty ones. */
  public List<ManifestSplit> splits() {
    return splits;
  }

  /** What reads the splits on executors. */
  public LineReaderFactory readers() {
    return readers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinePlan plan && manifest.equals(plan.manifest);
  }

  @Override
  public int hashCode() {
    return manifest.hashCode();
  }
}
