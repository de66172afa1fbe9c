package io.rustpipe.spark.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The fields of a row or of a struct: an object, whose other fields are passed over. A field that
 * is there twice is an error, because one of the two values would be lost.
 */
final class NamedFields {
  /** The name of a field that no object has, as it is no UTF-8. */
  private static final byte[] NEVER = {(byte) 0xff};

  private final String path;
  private final byte[][] names;
  private final Field[] fields;

  /** In which object a field was last seen; objects are counted by {@link #current}. */
  private final long[] seenIn;

  private long current;

  /**
   * @param path what errors call the whole; empty for the row
   * @param writer the row's writer, whose buffer the nested writers share
   */
  NamedFields(String path, StructType type, UnsafeWriter writer, NamedNotation notation) {
    this(path, type, -1, writer, notation);
  }

  /**
   * @param hidden the index of a field that is never looked for, and so always null; -1 for none
   * @throws IllegalArgumentException if two fields have one name: an object has it once
   */
  NamedFields(
      String path, StructType type, int hidden, UnsafeWriter writer, NamedNotation notation) {
    requireDistinct(path, type);
    this.path = path;
    this.fields =
        IntStream.range(0, type.length())
            .mapToObj(i -> field(path, type.fields()[i], i == hidden, writer, notation))
            .toArray(Field[]::new);
    this.names =
        Arrays.stream(type.fields())
            .map(StructField::name)
            .map(name -> name.getBytes(UTF_8))
            .toArray(byte[][]::new);
    if (hidden >= 0) {
      names[hidden] = NEVER;
    }
    this.seenIn = new long[fields.length];
  }

  private static Field field(
      String path, StructField field, boolean hidden, UnsafeWriter writer, NamedNotation notation) {
    return Field.of(
        path.isEmpty() ? field.name() : path + "." + field.name(),
        field.dataType(),
        field.nullable() || hidden,
        writer,
        notation);
  }

  private static void requireDistinct(String path, StructType type) {
    Set<String> names = new HashSet<>();
    for (String name : type.fieldNames()) {
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "the given schema has the field '%s' twice in '%s'".formatted(name, path));
      }
    }
  }

  int size() {
    return fields.length;
  }

  /** Reads the object and writes its values to the writer's slots, each of them. */
  void decode(JsonCursor cursor, UnsafeRowWriter writer)
      throws MalformedFrameException, RowFormatException {
    int start = cursor.position();
    try {
      cursor.enterObject();
    } catch (MalformedFrameException e) {
      cursor.rewind(start);
      throw new RowFormatException(path, "an object", cursor.readRaw());
    }
    current++;
    int next = 0;
    while (cursor.nextField()) {
      int found = find(cursor, next);
      if (found < 0) {
        cursor.skipValue();
        continue;
      }
      if (seenIn[found] == current) {
        throw new RowFormatException(
            fields[found].path(), "one value", "another: " + cursor.readRaw());
      }
      seenIn[found] = current;
      fields[found].decode(cursor, writer, found);
      next = found + 1;
    }
    for (int i = 0; i < fields.length; i++) {
      if (seenIn[i] != current) {
        fields[i].missing(writer, i);
      }
    }
  }

  /** Makes each slot but one null, whatever the columns say. */
  void setNull(UnsafeRowWriter writer, int exceptAt) {
    for (int i = 0; i < fields.length; i++) {
      if (i != exceptAt) {
        fields[i].setNull(writer, i);
      }
    }
  }

  /** The field of this name, looked for where it stands in objects that keep the order. */
  private int find(JsonCursor cursor, int expected) {
    for (int i = 0; i < names.length; i++) {
      int at = expected + i < names.length ? expected + i : expected + i - names.length;
      byte[] name = names[at];
      if (name.length == cursor.textLength()
          && Arrays.equals(
              name,
              0,
              name.length,
              cursor.textBuffer(),
              cursor.textOffset(),
              cursor.textOffset() + name.length)) {
        return at;
      }
    }
    return -1;
  }
}
