package io.rustpipe.benchmarks.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Jackson's tokens into the same unsafe rows: what the connector would do without its own cursor.
 */
final class JacksonRows implements FrameRows<InternalRow> {
  private final JsonFactory factory = new JsonFactory();
  private final StructField[] fields = Frames.SCHEMA.fields();
  private final UnsafeRowWriter writer = new UnsafeRowWriter(fields.length);
  private JsonParser parser;
  private UnsafeRow row;

  @Override
  public void begin(byte[] frame) throws IOException {
    parser = factory.createParser(frame);
    while (!(parser.nextToken() == JsonToken.START_ARRAY && "rows".equals(parser.currentName()))) {
      if (!parser.hasCurrentToken()) {
        throw new IOException("no rows in the frame");
      }
    }
  }

  @Override
  public boolean next() throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return false;
    }
    writer.reset();
    writer.zeroOutNullBytes();
    for (int i = 0; i < fields.length; i++) {
      write(i, fields[i].dataType(), parser.nextToken());
    }
    if (parser.nextToken() != JsonToken.END_ARRAY) {
      throw new IOException("more than " + fields.length + " values");
    }
    row = writer.getRow();
    return true;
  }

  @Override
  public InternalRow get() {
    return row;
  }

  private void write(int ordinal, DataType type, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      writer.setNullAt(ordinal);
    } else if (type.equals(DataTypes.StringType)) {
      writer.write(ordinal, UTF8String.fromString(parser.getText()));
    } else if (type.equals(DataTypes.IntegerType)) {
      writer.write(ordinal, parser.getIntValue());
    } else {
      writer.write(ordinal, parser.getLongValue());
    }
  }
}
