package io.rustpipe.spark.manifest;

import java.io.Serializable;
import java.util.List;

/**
 * The manifest, divided among tasks. Two plans are equal if their tasks get the same rows of the
 * same files.
 *
 * @param <R> what reads a task's share
 */
public final class ManifestPlan<R extends Serializable> {
  private final List<ManifestSplit> splits;
  private final R readers;

  /**
   * Spark's file partitions have no equality worth the name, so what they were made from stands for
   * them.
   */
  private final Object identity;

  ManifestPlan(List<ManifestSplit> splits, R readers, Object identity) {
    this.splits = List.copyOf(splits);
    this.readers = readers;
    this.identity = identity;
  }

  /** One split a task; none for a manifest without files or with empty ones. */
  public List<ManifestSplit> splits() {
    return splits;
  }

  /** What reads the splits on executors. */
  public R readers() {
    return readers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ManifestPlan<?> plan && identity.equals(plan.identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }
}
