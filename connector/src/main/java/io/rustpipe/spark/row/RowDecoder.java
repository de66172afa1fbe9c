package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Writes a worker's rows, straight from a frame's bytes, as Spark's own {@link UnsafeRow}s. It
 * knows the protocol's values and Spark's layout, and nothing of processes or of the other frames.
 *
 * <p>A result row is the input's columns (the prefix), the worker's columns, and those that only an
 * error row fills (the suffix). All rows of a decoder are one object, overwritten by each call,
 * which is what Spark expects of a reader. A decoder belongs to one thread.
 */
public final class RowDecoder {
  /** Column that has the code of the error that an input ended with. */
  public static final String ERROR_CODE = "error_code";

  /** Column that has the message of the error that an input ended with. */
  public static final String ERROR_MESSAGE = "error_message";

  /** Column that says how an input ended. */
  public static final String STATUS = "status";

  private static final UTF8String FAILED = UTF8String.fromString("FAILED");

  private final UnsafeRowWriter writer;
  private final boolean[] prefixFixedLength;
  private final Fields worker;
  private final int width;
  private final int errorCode;
  private final int errorMessage;
  private final int status;

  /**
   * Prepares a decoder for rows of these columns.
   *
   * @param prefix columns that come with the input
   * @param worker the worker's columns, in the order of the frame's values; null is accepted only
   *     where a column (an element, a value) is nullable here
   * @param suffix columns that are null in every row of the worker
   * @throws IllegalArgumentException if a worker's column has a type that the protocol lacks
   */
  public RowDecoder(StructType prefix, StructType worker, StructType suffix) {
    StructField[] ownColumns = concat(worker.fields(), suffix.fields());
    this.prefixFixedLength = new boolean[prefix.fields().length];
    for (int i = 0; i < prefixFixedLength.length; i++) {
      prefixFixedLength[i] = UnsafeRow.isFixedLength(prefix.fields()[i].dataType());
    }
    this.width = prefixFixedLength.length + ownColumns.length;
    this.writer = new UnsafeRowWriter(width);
    this.worker = new Fields("", worker, writer);
    this.errorCode = stringColumn(ownColumns, ERROR_CODE);
    this.errorMessage = stringColumn(ownColumns, ERROR_MESSAGE);
    this.status = stringColumn(ownColumns, STATUS);
  }

  /**
   * Reads the row that comes next.
   *
   * @param prefix the values of the input's columns
   * @return the result row, good until the next call
   * @throws RowFormatException if the row does not fit the worker's columns
   * @throws MalformedFrameException if the bytes are no JSON
   */
  public UnsafeRow decode(JsonCursor cursor, UnsafeRow prefix)
      throws MalformedFrameException, RowFormatException {
    begin(prefix);
    worker.decode(cursor, writer, prefixFixedLength.length);
    for (int i = prefixFixedLength.length + worker.size(); i < width; i++) {
      writer.setNullAt(i);
    }
    return writer.getRow();
  }

  /**
   * Makes the row of an input that ended in an error: its own columns, code and message where there
   * are columns for them, {@code FAILED} where there is a status, and null in all others.
   *
   * @param prefix the values of the input's columns
   * @return the error row, good until the next call
   */
  public UnsafeRow failure(UnsafeRow prefix, String code, String message) {
    begin(prefix);
    for (int i = prefixFixedLength.length; i < width; i++) {
      int column = i - prefixFixedLength.length;
      if (column == errorCode) {
        writer.write(i, UTF8String.fromString(code));
      } else if (column == errorMessage) {
        writer.write(i, UTF8String.fromString(message));
      } else if (column == status) {
        writer.write(i, FAILED);
      } else {
        writer.setNullAt(i);
      }
    }
    return writer.getRow();
  }

  private void begin(UnsafeRow prefix) {
    if (prefix.numFields() != prefixFixedLength.length) {
      throw new IllegalArgumentException(
          "the input has " + prefix.numFields() + " columns, not " + prefixFixedLength.length);
    }
    writer.reset();
    writer.zeroOutNullBytes();
    for (int i = 0; i < prefixFixedLength.length; i++) {
      if (prefix.isNullAt(i)) {
        writer.setNullAt(i);
      } else if (prefixFixedLength[i]) {
        writer.write(i, prefix.getLong(i));
      } else {
        writer.write(i, variableLengthBytes(prefix, i));
      }
    }
  }

  /**
   * The bytes of a string, binary, array, map or struct: positions in them are relative, so any of
   * these can be copied as it is.
   */
  private static UTF8String variableLengthBytes(UnsafeRow row, int ordinal) {
    long offsetAndSize = row.getLong(ordinal);
    return UTF8String.fromAddress(
        row.getBaseObject(), row.getBaseOffset() + (offsetAndSize >> 32), (int) offsetAndSize);
  }

  private static StructField[] concat(StructField[] first, StructField[] second) {
    StructField[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static int stringColumn(StructField[] columns, String name) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].name().equals(name) && columns[i].dataType() instanceof StringType) {
        return i;
      }
    }
    return -1;
  }
}
