package io.rustpipe.spark.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Words;
import io.rustpipe.spark.input.JsonValues;
import io.rustpipe.spark.input.ValueText;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** The inputs of one task as lines, one after the other. Not thread-safe. */
public final class LineReader implements Closeable {
  /** Characters of a row that a message shows. */
  private static final int SHOWN_BYTES = 200;

  private final FileRows rows;
  private final LineForm form;
  private final Share share;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final JsonGenerator json;
  private long read;

  LineReader(FileRows rows, LineForm form, Share share) {
    this.rows = rows;
    this.form = form;
    this.share = share;
    try {
      this.json = new JsonFactory().createGenerator(line).setRootValueSeparator(null);
    } catch (IOException e) {
      throw new AssertionError("a generator into memory", e);
    }
  }

  /**
   * The next line with its line feed; null at the end.
   *
   * @throws IOException if a row can't be a line; names the row, and what to do
   */
  public byte[] next() throws IOException {
    for (InternalRow row = rows.next(); row != null; row = rows.next()) {
      read++;
      if (share.has(null)) {
        return line(row);
      }
    }
    return null;
  }

  private byte[] line(InternalRow row) throws IOException {
    line.reset();
    if (form instanceof LineForm.WholeRow whole) {
      JsonValues.NAMED.write(json, row, whole.columns());
      json.flush();
    } else if (form instanceof LineForm.OneColumn column) {
      write(row, column);
    }
    if (line.size() > Limits.DEFAULT_LINE_IN_BYTES) {
      throw new IOException(
          "%s makes a line of %,d bytes, longer than the limit of %,d bytes; it begins: %s"
              .formatted(
                  place(), line.size(), Limits.DEFAULT_LINE_IN_BYTES, shown(line.toByteArray())));
    }
    line.write('\n');
    return line.toByteArray();
  }

  private void write(InternalRow row, LineForm.OneColumn column) throws IOException {
    if (row.isNullAt(column.ordinal())) {
      throw new IOException(
          "%s has null in the column '%s', and null is no line: leave the option 'inputColumn' out, and a row is a JSON object that can have one"
              .formatted(place(), column.name()));
    }
    DataType type = column.type();
    if (type instanceof StructType || type instanceof ArrayType || type instanceof MapType) {
      JsonValues.NAMED.write(json, row.get(column.ordinal(), type), type);
      json.flush();
      return;
    }
    byte[] bytes = bytes(row, column.ordinal(), type);
    int feed = Words.indexOf(bytes, 0, bytes.length, (byte) '\n');
    if (feed < bytes.length) {
      throw new IOException(
          "%s has a line feed in the column '%s', at byte %d, which would make two lines of it: leave the option 'inputColumn' out, and it is escaped in a JSON object; the value begins: %s"
              .formatted(place(), column.name(), feed, shown(bytes)));
    }
    line.write(bytes);
  }

  private static byte[] bytes(InternalRow row, int ordinal, DataType type) {
    if (type instanceof StringType) {
      return row.getUTF8String(ordinal).getBytes();
    } else if (type instanceof BinaryType) {
      return row.getBinary(ordinal);
    }
    return ValueText.of(row.get(ordinal, type), type).getBytes(StandardCharsets.UTF_8);
  }

  private String place() {
    return "row %,d that this task read of the manifest".formatted(read);
  }

  private static String shown(byte[] bytes) {
    return new String(
            Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES)), StandardCharsets.UTF_8)
        .replace("\n", "\\n");
  }

  /** Closes the open file, if there is one. */
  @Override
  public void close() throws IOException {
    rows.close();
  }
}
