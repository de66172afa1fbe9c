package io.rustpipe.spark.manifest;

import java.io.Serializable;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * Reads splits on executors. Apart from the splits, as it is the same for all tasks and carries the
 * session's configuration: Spark sends it once a stage.
 */
public final class ManifestReaderFactory implements Serializable {
  private final PartitionReaderFactory files;
  private final RowLayout layout;

  ManifestReaderFactory(PartitionReaderFactory files, RowLayout layout) {
    this.files = files;
    this.layout = layout;
  }

  /** Opens nothing until the first row is asked for. */
  public ManifestReader reader(ManifestSplit split) {
    return new ManifestReader(split, files, layout);
  }
}
