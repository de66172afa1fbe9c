package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeArrayWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.unsafe.Platform;

/**
 * {@code map<k,v>}, an array of pairs on the wire. An unsafe map is the length in bytes of its
 * array of keys, that array, and the array of values: the pairs are read once for each of the two.
 */
final class MapDecoder implements ValueDecoder {
  private static final int PAIR = 2;

  private final UnsafeArrayWriter keys;
  private final UnsafeArrayWriter values;
  private final Field key;
  private final Field value;

  MapDecoder(UnsafeWriter parent, Field key, Field value) {
    this.keys = new UnsafeArrayWriter(parent, key.slotBytes());
    this.values = new UnsafeArrayWriter(parent, value.slotBytes());
    this.key = key;
    this.value = value;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException {
    int start = cursor.position();
    int pairs = countPairs(cursor);
    int previousCursor = writer.cursor();
    writer.grow(Long.BYTES);
    writer.increaseCursor(Long.BYTES);
    decodeParts(cursor, pairs, 0, key, keys);
    int keysBytes = writer.cursor() - previousCursor - Long.BYTES;
    Platform.putLong(writer.getBuffer(), previousCursor, keysBytes);
    cursor.rewind(start);
    decodeParts(cursor, pairs, 1, value, values);
    writer.setOffsetAndSizeFromPreviousCursor(ordinal, previousCursor);
  }

  private static int countPairs(JsonCursor cursor) throws MalformedFrameException {
    int start = cursor.position();
    int count = 0;
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (ArrayDecoder.countElements(cursor) != PAIR) {
        throw cursor.malformed("not a pair of key and value");
      }
      cursor.skipValue();
      count++;
    }
    cursor.rewind(start);
    return count;
  }

  private static void decodeParts(
      JsonCursor cursor, int pairs, int wanted, Field field, UnsafeArrayWriter into)
      throws MalformedFrameException, RowFormatException {
    into.initialize(pairs);
    cursor.enterArray();
    for (int pair = 0; cursor.nextElement(); pair++) {
      cursor.enterArray();
      for (int part = 0; cursor.nextElement(); part++) {
        if (part == wanted) {
          field.decode(cursor, into, pair);
        } else {
          cursor.skipValue();
        }
      }
    }
  }
}
