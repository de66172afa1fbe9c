package io.rustpipe.spark.manifest;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/**
 * The rows of some of Spark's file partitions, one after the other.
 *
 * <p>Asks for rows and never for batches, whatever the factory says that it supports: Spark's
 * Parquet and ORC readers give either.
 */
final class FileRows implements Closeable {
  private final Iterator<InputPartition> unread;
  private final PartitionReaderFactory files;
  private PartitionReader<InternalRow> open;

  FileRows(List<InputPartition> partitions, PartitionReaderFactory files) {
    this.unread = partitions.iterator();
    this.files = files;
  }

  /** The next row, valid until the next call; null at the end. */
  InternalRow next() throws IOException {
    while (open != null || unread.hasNext()) {
      if (open == null) {
        open = files.createReader(unread.next());
      }
      if (open.next()) {
        return open.get();
      }
      close();
    }
    return null;
  }

  /** Closes the open file, if there is one. */
  @Override
  public void close() throws IOException {
    if (open != null) {
      PartitionReader<InternalRow> closing = open;
      open = null;
      closing.close();
    }
  }
}
