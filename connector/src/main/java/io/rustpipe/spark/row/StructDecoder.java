package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;

/** {@code struct<...>}, an array by position on the wire. */
final class StructDecoder implements ValueDecoder {
  private final UnsafeRowWriter struct;
  private final Fields fields;

  StructDecoder(UnsafeWriter parent, Fields fields) {
    this.struct = new UnsafeRowWriter(parent, fields.size());
    this.fields = fields;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException {
    int previousCursor = writer.cursor();
    struct.resetRowWriter();
    fields.decode(cursor, struct, 0);
    writer.setOffsetAndSizeFromPreviousCursor(ordinal, previousCursor);
  }
}
