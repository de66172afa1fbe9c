package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;

/** {@code struct<...>} as an object with its fields by name. */
final class ObjectDecoder implements ValueDecoder {
  private final UnsafeRowWriter struct;
  private final NamedFields fields;

  ObjectDecoder(UnsafeWriter parent, NamedFields fields) {
    this.struct = new UnsafeRowWriter(parent, fields.size());
    this.fields = fields;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException {
    int previousCursor = writer.cursor();
    struct.resetRowWriter();
    fields.decode(cursor, struct);
    writer.setOffsetAndSizeFromPreviousCursor(ordinal, previousCursor);
  }
}
