package io.rustpipe.spark.manifest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rustpipe.spark.filter.RowFilter;
import io.rustpipe.spark.input.InputReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The inputs of one task, from its share of the manifest. */
public final class ManifestReader implements InputReader<UnsafeRow> {
  private static final UTF8String COMMENT = UTF8String.fromString("#");

  /** Rows passed over between two looks at whether the task has been cancelled. */
  private static final int ROWS_BETWEEN_CHECKS = 65_536;

  private final FileRows rows;
  private final RowLayout layout;
  private final RowFilter filter;
  private final Share share;

  /** Apart, so that the rows that are read have even shares whatever the filter leaves out. */
  private final Share shareOfSkipped;

  private final PickedValues kept;
  private final PickedValues filtered;
  private final UnsafeProjection toUnsafe;

  private InternalRow row;
  private UTF8String url;
  private long skipped;

  ManifestReader(
      FileRows rows, RowLayout layout, RowFilter filter, Share share, Share shareOfSkipped) {
    this.rows = rows;
    this.layout = layout;
    this.filter = filter;
    this.share = share;
    this.shareOfSkipped = shareOfSkipped;
    this.kept = new PickedValues(layout.kept());
    this.filtered = new PickedValues(layout.filtered());
    this.toUnsafe = UnsafeProjection.create(layout.kept().types());
  }

  /**
   * {@inheritDoc}
   *
   * @throws InterruptedIOException if the task has been cancelled
   */
  @Override
  public boolean next() throws IOException {
    for (int passedOver = 1; (row = rows.next()) != null; passedOver++) {
      if (passedOver % ROWS_BETWEEN_CHECKS == 0) {
        failIfCancelled();
      }
      url = row.isNullAt(layout.urlOrdinal()) ? null : row.getUTF8String(layout.urlOrdinal());
      if (!isInput()) {
        continue;
      }
      if (!filter.mayAccept(filtered.of(row, url))) {
        skipped += shareOfSkipped.has(url) ? 1 : 0;
      } else if (share.has(url)) {
        return true;
      }
    }
    return false;
  }

  private boolean isInput() {
    if (!layout.text()) {
      return true;
    }
    url = url.trimAll();
    return url.numBytes() > 0 && !url.startsWith(COMMENT);
  }

  private static void failIfCancelled() throws InterruptedIOException {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new InterruptedIOException("the task was cancelled while it read the manifest");
    }
  }

  /** The input's URL, or null if the manifest has none in that row. */
  @Override
  public String name() {
    return url == null ? null : url.toString();
  }

  @Override
  public String json() {
    ObjectNode input = JsonNodeFactory.instance.objectNode().put("url", name());
    int ordinal = layout.integrityOrdinal();
    if (ordinal != RowLayout.NONE && !row.isNullAt(ordinal)) {
      input.put("integrity", row.getString(ordinal));
    }
    return input.toString();
  }

  /** A copy of the wanted columns' values, in the order in which the plan was asked for them. */
  @Override
  public UnsafeRow kept() {
    return toUnsafe.apply(kept.of(row, url)).copy();
  }

  @Override
  public long skipped() {
    return skipped;
  }

  /** Closes the open file, if there is one. */
  @Override
  public void close() throws IOException {
    rows.close();
  }
}
