package io.rustpipe.benchmarks.rows;

import io.rustpipe.spark.frame.JsonCursor;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/** A column of integers, or of strings that are positions in the frame. */
final class FrameColumn extends ColumnVector {
  private final long[] values;
  private final boolean[] nulls;
  private byte[] frame;
  private int nullCount;

  FrameColumn(DataType type, int capacity) {
    super(type);
    this.values = new long[capacity];
    this.nulls = new boolean[capacity];
  }

  void begin(byte[] frame) {
    this.frame = frame;
    if (nullCount > 0) {
      Arrays.fill(nulls, false);
      nullCount = 0;
    }
  }

  void putNull(int row) {
    nulls[row] = true;
    nullCount++;
  }

  void putLong(int row, long value) {
    values[row] = value;
  }

  void putText(int row, JsonCursor cursor) {
    if (cursor.textBuffer() != frame) {
      throw new IllegalArgumentException("the benchmark's strings have no escapes");
    }
    values[row] = (long) cursor.textOffset() << 32 | cursor.textLength();
  }

  @Override
  public boolean hasNull() {
    return nullCount > 0;
  }

  @Override
  public int numNulls() {
    return nullCount;
  }

  @Override
  public boolean isNullAt(int row) {
    return nulls[row];
  }

  @Override
  public int getInt(int row) {
    return (int) values[row];
  }

  @Override
  public long getLong(int row) {
    return values[row];
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return nulls[row]
        ? null
        : UTF8String.fromBytes(frame, (int) (values[row] >> 32), (int) values[row]);
  }

  @Override
  public void close() {}

  @Override
  public boolean getBoolean(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte getByte(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public short getShort(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public float getFloat(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double getDouble(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ColumnarArray getArray(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] getBinary(int row) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw new UnsupportedOperationException();
  }
}
