package io.rustpipe.spark.manifest;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.connector.read.InputPartition;

/**
 * One task's share of the manifest: of the inputs in some of Spark's file partitions the {@code
 * stripe}-th of {@code stripes} {@link Share}s. Only rows that are inputs, and that the filter lets
 * pass, count.
 */
public final class ManifestSplit implements Serializable {
  private final List<InputPartition> files;
  private final int stripes;
  private final int stripe;

  ManifestSplit(List<InputPartition> files, int stripes, int stripe) {
    this.files = List.copyOf(files);
    this.stripes = stripes;
    this.stripe = stripe;
  }

  List<InputPartition> files() {
    return files;
  }

  int stripes() {
    return stripes;
  }

  int stripe() {
    return stripe;
  }
}
