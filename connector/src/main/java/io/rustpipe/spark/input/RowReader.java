package io.rustpipe.spark.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The inputs of one task, from the rows of a DataFrame's partition. The values that are kept are
 * the rows' own objects, so they may be of any type.
 */
public final class RowReader implements InputReader<Object[]> {
  /** What errors call an input, where it has it. */
  private static final String URL = "url";

  /** Characters of an input that stand for its name. */
  private static final int NAME_LENGTH = 100;

  private static final int NONE = -1;

  private final Iterator<Row> rows;
  private final RowColumns columns;
  private final int url;
  private final ExpressionEncoder.Serializer<Row> toInternal;
  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  private Row row;
  private String input;

  /** A reader that has asked for no row yet. */
  public RowReader(Iterator<Row> rows, RowColumns columns) {
    this.rows = rows;
    this.columns = columns;
    this.url = url(columns);
    // Lenient: takes times of java.time and of java.sql, whatever the session says.
    this.toInternal = ExpressionEncoder.apply(nullable(columns.fields()), true).createSerializer();
    try {
      this.json = new JsonFactory().createGenerator(text).setRootValueSeparator(null);
    } catch (IOException e) {
      throw new AssertionError("a generator into memory", e);
    }
  }

  private static StructType nullable(StructType type) {
    return new StructType(
        Arrays.stream(type.fields())
            .map(f -> new StructField(f.name(), f.dataType(), true, f.metadata()))
            .toArray(StructField[]::new));
  }

  private static int url(RowColumns columns) {
    StructField[] fields = columns.fields().fields();
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].name().equals(URL) && fields[i].dataType() instanceof StringType) {
        return columns.sent()[i];
      }
    }
    return NONE;
  }

  @Override
  public boolean next() throws IOException {
    if (!rows.hasNext()) {
      return false;
    }
    row = rows.next();
    text.getBuffer().setLength(0);
    Row sent = RowFactory.create(values(columns.sent()));
    JsonValues.FRAMES.write(json, toInternal.apply(sent), columns.fields());
    json.flush();
    input = text.toString();
    return true;
  }

  private Object[] values(int[] ordinals) {
    return Arrays.stream(ordinals).mapToObj(row::get).toArray();
  }

  /** The input's {@code url}, or else how it begins. */
  @Override
  public String name() {
    return url == NONE
        ? input.substring(0, Math.min(input.length(), NAME_LENGTH))
        : row.getString(url);
  }

  @Override
  public String json() {
    return input;
  }

  @Override
  public Object[] kept() {
    return values(columns.kept());
  }

  @Override
  public long skipped() {
    return 0;
  }

  /** There is nothing to close: the rows are Spark's. */
  @Override
  public void close() {}
}
