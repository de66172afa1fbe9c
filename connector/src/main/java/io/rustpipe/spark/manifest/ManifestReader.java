package io.rustpipe.spark.manifest;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/** The inputs of one task, one after the other. Not thread-safe. */
public final class ManifestReader implements Closeable {
  private static final UTF8String COMMENT = UTF8String.fromString("#");

  /**
   * Rows of other tasks that are passed over between two looks at whether the task has been
   * cancelled.
   */
  private static final int ROWS_BETWEEN_CHECKS = 65_536;

  private final ManifestSplit split;
  private final Iterator<InputPartition> unread;
  private final PartitionReaderFactory files;
  private final RowLayout layout;
  private final DataType[] keptTypes;
  private final Object[] keptValues;
  private final GenericInternalRow keptRow;
  private final UnsafeProjection toUnsafe;

  private PartitionReader<InternalRow> rows;
  private int stripe = -1;
  private InternalRow row;
  private UTF8String url;

  ManifestReader(ManifestSplit split, PartitionReaderFactory files, RowLayout layout) {
    this.split = split;
    this.unread = split.files().iterator();
    this.files = files;
    this.layout = layout;
    this.keptTypes =
        Arrays.stream(layout.kept().fields()).map(StructField::dataType).toArray(DataType[]::new);
    this.keptValues = new Object[keptTypes.length];
    this.keptRow = new GenericInternalRow(keptValues);
    this.toUnsafe = UnsafeProjection.create(keptTypes);
  }

  /**
   * Moves to the next input.
   *
   * @return false at the end
   * @throws InterruptedIOException if the task has been cancelled
   */
  public boolean next() throws IOException {
    for (int passedOver = 1; rows != null || openNext(); passedOver++) {
      if (passedOver % ROWS_BETWEEN_CHECKS == 0) {
        failIfCancelled();
      }
      if (!rows.next()) {
        close();
      } else if (isInput(rows.get()) && isMine()) {
        return true;
      }
    }
    return false;
  }

  private boolean openNext() throws IOException {
    if (!unread.hasNext()) {
      return false;
    }
    rows = files.createReader(unread.next());
    return true;
  }

  private boolean isInput(InternalRow next) {
    row = next;
    url = next.isNullAt(layout.urlOrdinal()) ? null : next.getUTF8String(layout.urlOrdinal());
    if (!layout.text()) {
      return true;
    }
    url = url.trimAll();
    return url.numBytes() > 0 && !url.startsWith(COMMENT);
  }

  private boolean isMine() {
    stripe = stripe + 1 == split.stripes() ? 0 : stripe + 1;
    return stripe == split.stripe();
  }

  private static void failIfCancelled() throws InterruptedIOException {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new InterruptedIOException("the task was cancelled while it read the manifest");
    }
  }

  /** The input's URL, or null if the manifest has none in that row. */
  public String url() {
    return url == null ? null : url.toString();
  }

  /** A copy of the wanted columns' values, in the order in which the plan was asked for them. */
  public UnsafeRow kept() {
    for (int i = 0; i < keptValues.length; i++) {
      int ordinal = layout.keptOrdinals()[i];
      if (ordinal == RowLayout.URL) {
        keptValues[i] = url;
      } else {
        keptValues[i] = row.isNullAt(ordinal) ? null : row.get(ordinal, keptTypes[i]);
      }
    }
    return toUnsafe.apply(keptRow).copy();
  }

  /** Closes the open file, if there is one. */
  @Override
  public void close() throws IOException {
    if (rows != null) {
      PartitionReader<InternalRow> closing = rows;
      rows = null;
      closing.close();
    }
  }
}
