package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.StructType;

/** The fields of a row or of a struct: an array on the wire that has one value for each of them. */
final class Fields {
  private final String path;
  private final Field[] fields;

  /**
   * @param path what errors call the whole; empty for the row
   * @param writer the row's writer, whose buffer the nested writers share
   */
  Fields(String path, StructType type, UnsafeWriter writer) {
    this.path = path;
    this.fields =
        Arrays.stream(type.fields())
            .map(
                field ->
                    Field.of(
                        path.isEmpty() ? field.name() : path + "." + field.name(),
                        field.dataType(),
                        field.nullable(),
                        writer,
                        PositionalNotation.INSTANCE))
            .toArray(Field[]::new);
  }

  int size() {
    return fields.length;
  }

  /** Reads the array and writes its values to the slots from {@code firstOrdinal} on. */
  void decode(JsonCursor cursor, UnsafeRowWriter writer, int firstOrdinal)
      throws MalformedFrameException, RowFormatException {
    int start = cursor.position();
    try {
      cursor.enterArray();
    } catch (MalformedFrameException e) {
      cursor.rewind(start);
      throw new RowFormatException(path, expected(), cursor.readRaw());
    }
    for (int i = 0; i < fields.length; i++) {
      if (!cursor.nextElement()) {
        throw new RowFormatException(path, expected(), "only " + i + " of them: no " + fields[i]);
      }
      fields[i].decode(cursor, writer, firstOrdinal + i);
    }
    if (cursor.nextElement()) {
      throw new RowFormatException(path, expected(), "one more: " + cursor.readRaw());
    }
  }

  private String expected() {
    return "an array of " + fields.length + " values";
  }
}
