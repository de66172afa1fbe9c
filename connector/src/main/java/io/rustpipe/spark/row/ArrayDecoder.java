package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeArrayWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;

/** {@code array<t>}. An unsafe array begins with its length, so the elements are counted first. */
final class ArrayDecoder implements ValueDecoder {
  private final UnsafeArrayWriter array;
  private final Field element;

  ArrayDecoder(UnsafeWriter parent, Field element) {
    this.array = new UnsafeArrayWriter(parent, element.slotBytes());
    this.element = element;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException {
    int length = countElements(cursor);
    int previousCursor = writer.cursor();
    array.initialize(length);
    cursor.enterArray();
    for (int i = 0; cursor.nextElement(); i++) {
      element.decode(cursor, array, i);
    }
    writer.setOffsetAndSizeFromPreviousCursor(ordinal, previousCursor);
  }

  /** Elements of the array that comes next, which stays unread. */
  static int countElements(JsonCursor cursor) throws MalformedFrameException {
    int start = cursor.position();
    int count = 0;
    cursor.enterArray();
    while (cursor.nextElement()) {
      cursor.skipValue();
      count++;
    }
    cursor.rewind(start);
    return count;
  }
}
