package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeArrayWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.unsafe.Platform;

/**
 * {@code map<string,v>} as an object. As in {@link MapDecoder} the object is read once for the keys
 * and once for the values. A name that is there twice is an error: a map has it once.
 */
final class ObjectMapDecoder implements ValueDecoder {
  private final UnsafeArrayWriter keys;
  private final UnsafeArrayWriter values;
  private final Field value;
  private final Set<String> names = new HashSet<>();

  ObjectMapDecoder(UnsafeWriter parent, Field value) {
    this.keys = new UnsafeArrayWriter(parent, Long.BYTES);
    this.values = new UnsafeArrayWriter(parent, value.slotBytes());
    this.value = value;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException {
    int start = cursor.position();
    int size = countDistinctNames(cursor);
    int previousCursor = writer.cursor();
    writer.grow(Long.BYTES);
    writer.increaseCursor(Long.BYTES);
    cursor.rewind(start);
    keys.initialize(size);
    cursor.enterObject();
    for (int i = 0; cursor.nextField(); i++) {
      keys.write(i, cursor.textBuffer(), cursor.textOffset(), cursor.textLength());
      cursor.skipValue();
    }
    int keysBytes = writer.cursor() - previousCursor - Long.BYTES;
    Platform.putLong(writer.getBuffer(), previousCursor, keysBytes);
    cursor.rewind(start);
    values.initialize(size);
    cursor.enterObject();
    for (int i = 0; cursor.nextField(); i++) {
      value.decode(cursor, values, i);
    }
    writer.setOffsetAndSizeFromPreviousCursor(ordinal, previousCursor);
  }

  private int countDistinctNames(JsonCursor cursor) throws MalformedFrameException {
    names.clear();
    cursor.enterObject();
    while (cursor.nextField()) {
      if (!names.add(cursor.fieldName())) {
        throw cursor.malformed("a name that is there twice");
      }
      cursor.skipValue();
    }
    return names.size();
  }
}
