package io.rustpipe.benchmarks.rows;

import io.rustpipe.spark.frame.JsonCursor;
import java.io.IOException;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** The alternative to the connector's decoder: a batch per frame, its strings left in the frame. */
final class ColumnarBatches implements FrameRows<ColumnarBatch> {
  private final FrameColumn[] columns =
      Arrays.stream(Frames.SCHEMA.fields())
          .map(field -> new FrameColumn(field.dataType(), Frames.ROWS_PER_FRAME))
          .toArray(FrameColumn[]::new);
  private final ColumnarBatch batch = new ColumnarBatch(columns);
  private final JsonCursor cursor = new JsonCursor();
  private boolean read;

  @Override
  public void begin(byte[] frame) throws IOException {
    cursor.reset(frame, 0, frame.length);
    FrameRows.enterRows(cursor);
    for (FrameColumn column : columns) {
      column.begin(frame);
    }
    read = false;
  }

  @Override
  public boolean next() throws IOException {
    if (read) {
      return false;
    }
    int rows = 0;
    while (cursor.nextElement()) {
      cursor.enterArray();
      for (FrameColumn column : columns) {
        if (!cursor.nextElement()) {
          throw new IOException("fewer than " + columns.length + " values");
        }
        decode(column, rows);
      }
      if (cursor.nextElement()) {
        throw new IOException("more than " + columns.length + " values");
      }
      rows++;
    }
    batch.setNumRows(rows);
    read = true;
    return true;
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  private void decode(FrameColumn column, int row) throws IOException {
    DataType type = column.dataType();
    if (cursor.readNull()) {
      column.putNull(row);
    } else if (type.equals(DataTypes.StringType)) {
      cursor.readText();
      column.putText(row, cursor);
    } else if (type.equals(DataTypes.IntegerType)) {
      int value = Math.toIntExact(cursor.readLong());
      column.putLong(row, value);
    } else {
      column.putLong(row, cursor.readLong());
    }
  }
}
