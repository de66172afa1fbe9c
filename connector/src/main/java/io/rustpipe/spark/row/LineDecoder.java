package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import io.rustpipe.spark.frame.Utf8;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Writes the lines of any program as Spark's rows: a JSON object each, or text that is the row's
 * one column. All rows of a decoder are one object, overwritten by each call. A decoder belongs to
 * one thread.
 */
public final class LineDecoder {
  /** Column that has a line from which no row could be made, as Spark's own readers call it. */
  public static final String CORRUPT_RECORD = "_corrupt_record";

  private static final int NONE = -1;

  private final JsonCursor cursor = new JsonCursor();
  private final UnsafeRowWriter writer;
  private final NamedFields fields;
  private final boolean text;
  private final int textOrdinal;
  private final int corruptOrdinal;

  /**
   * Prepares a decoder.
   *
   * @param schema the columns of the table
   * @param wanted those of them that the rows have; none of them means that no line is looked into
   * @param zone of times without an offset
   * @throws IllegalArgumentException if a column has a type that no JSON value stands for
   */
  public LineDecoder(StructType schema, StructType wanted, ZoneId zone) {
    this.text = isText(schema);
    this.writer = new UnsafeRowWriter(wanted.fields().length);
    this.corruptOrdinal = List.of(wanted.fieldNames()).indexOf(CORRUPT_RECORD);
    this.textOrdinal = text ? textOrdinal(wanted) : NONE;
    this.fields = new NamedFields("", wanted, corruptOrdinal, writer, new NamedNotation(zone));
  }

  /** Whether lines are text: there is one column, {@link #CORRUPT_RECORD} aside, and a string. */
  public static boolean isText(StructType schema) {
    var columns =
        Arrays.stream(schema.fields())
            .filter(column -> !column.name().equals(CORRUPT_RECORD))
            .toList();
    return columns.size() == 1 && columns.get(0).dataType() instanceof StringType;
  }

  private int textOrdinal(StructType wanted) {
    for (var i = 0; i < wanted.fields().length; i++) {
      if (i != corruptOrdinal) {
        return i;
      }
    }
    return NONE;
  }

  /**
   * Reads a line.
   *
   * @param buffer holds the line, without its line feed
   * @return the row, good until the next call
   * @throws RowFormatException if a value does not fit its column
   * @throws MalformedFrameException if the line is no JSON object, or no UTF-8
   */
  public UnsafeRow decode(byte[] buffer, int from, int to)
      throws MalformedFrameException, RowFormatException {
    begin();
    if (text) {
      decodeText(buffer, from, to);
    } else if (fields.size() > 0) {
      cursor.reset(buffer, from, to);
      fields.decode(cursor, writer);
      cursor.expectEnd();
    }
    return writer.getRow();
  }

  private void decodeText(byte[] buffer, int from, int to) throws MalformedFrameException {
    fields.setNull(writer, textOrdinal);
    if (textOrdinal == NONE) {
      return;
    }
    var invalid = Utf8.invalidAt(buffer, from, to);
    if (invalid >= 0) {
      cursor.reset(buffer, from, to);
      cursor.rewind(invalid);
      throw cursor.malformed("byte 0x%02x starts no UTF-8 character".formatted(buffer[invalid]));
    }
    writer.write(textOrdinal, buffer, from, to - from);
  }

  /**
   * The row of a line that can't be read: null but for the line itself, where there is a column for
   * it; bytes that are no UTF-8 are shown replaced.
   */
  public UnsafeRow corrupt(byte[] buffer, int from, int to) {
    begin();
    fields.setNull(writer, corruptOrdinal);
    if (corruptOrdinal != NONE) {
      writer.write(
          corruptOrdinal,
          UTF8String.fromString(new String(buffer, from, to - from, StandardCharsets.UTF_8)));
    }
    return writer.getRow();
  }

  private void begin() {
    writer.reset();
    writer.zeroOutNullBytes();
  }
}
