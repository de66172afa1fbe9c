package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;

/** {@code date} as {@code 2024-02-29}. */
enum IsoDateDecoder implements ValueDecoder {
  INSTANCE;

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException {
    try {
      writer.write(ordinal, Math.toIntExact(LocalDate.parse(cursor.readString()).toEpochDay()));
    } catch (DateTimeException | ArithmeticException e) {
      throw cursor.malformed("not a date such as 2024-02-29");
    }
  }

  @Override
  public int slotBytes() {
    return Integer.BYTES;
  }
}
