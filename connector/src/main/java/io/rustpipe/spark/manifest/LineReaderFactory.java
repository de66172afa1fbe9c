package io.rustpipe.spark.manifest;

import java.io.Serializable;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Reads splits as lines on executors. */
public final class LineReaderFactory implements Serializable {
  private final PartitionReaderFactory files;
  private final LineForm form;

  LineReaderFactory(PartitionReaderFactory files, LineForm form) {
    this.files = files;
    this.form = form;
  }

  /** Opens nothing until the first line is asked for. */
  public LineReader reader(ManifestSplit split) {
    return new LineReader(
        new FileRows(split.files(), files),
        form,
        new Share.EveryNth(split.stripes(), split.stripe()));
  }
}
