package io.rustpipe.benchmarks.rows;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.row.RowDecoder;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.StructType;

/** The connector's decoder over one frame after the other. */
final class UnsafeRows implements FrameRows<InternalRow> {
  private final RowDecoder decoder =
      new RowDecoder(new StructType(), Frames.SCHEMA, new StructType());
  private final UnsafeRow noPrefix = new UnsafeRow(0);
  private final JsonCursor cursor = new JsonCursor();
  private UnsafeRow row;

  @Override
  public void begin(byte[] frame) throws IOException {
    cursor.reset(frame, 0, frame.length);
    FrameRows.enterRows(cursor);
  }

  @Override
  public boolean next() throws IOException {
    if (!cursor.nextElement()) {
      return false;
    }
    row = decoder.decode(cursor, noPrefix);
    return true;
  }

  @Override
  public InternalRow get() {
    return row;
  }
}
