package io.rustpipe.spark.manifest;

import io.rustpipe.spark.config.Partitioning;
import io.rustpipe.spark.filter.RowFilter;
import java.io.Serializable;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * Reads splits on executors. Apart from the splits, as it is the same for all tasks and carries the
 * session's configuration: Spark sends it once a stage.
 */
public final class ManifestReaderFactory implements Serializable {
  private final PartitionReaderFactory files;
  private final RowLayout layout;
  private final RowFilter filter;
  private final Partitioning partitioning;

  ManifestReaderFactory(
      PartitionReaderFactory files, RowLayout layout, RowFilter filter, Partitioning partitioning) {
    this.files = files;
    this.layout = layout;
    this.filter = filter;
    this.partitioning = partitioning;
  }

  /** Opens nothing until the first row is asked for. */
  public ManifestReader reader(ManifestSplit split) {
    return new ManifestReader(
        new FileRows(split.files(), files), layout, filter, share(split), share(split));
  }

  private Share share(ManifestSplit split) {
    return partitioning == Partitioning.HOST
        ? new Share.OfHosts(split.stripes(), split.stripe())
        : new Share.EveryNth(split.stripes(), split.stripe());
  }
}
