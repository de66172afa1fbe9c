package io.rustpipe.spark.input;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Writes Spark's values as JSON: numbers as numbers, binary as base64, structs as objects, nulls as
 * null, in one of two notations for the types whose values are not the same JSON everywhere.
 * Spark's own generator cuts times to milliseconds, and its signatures are Scala's.
 */
public enum JsonValues {
  /**
   * As people write JSON: maps are objects, decimals numbers, times the text of {@link ValueText}.
   */
  NAMED {
    @Override
    void requireKnownKey(String path, DataType type) {
      if (!ValueText.isKnown(type)) {
        throw unknown(path, type);
      }
    }

    @Override
    boolean isKnownScalar(DataType type) {
      return ValueText.isKnown(type);
    }

    @Override
    IllegalArgumentException unknown(String path, DataType type) {
      return new IllegalArgumentException(
          "the manifest's column '%s' is of type %s, for which there is no JSON: name the columns that the program needs with the option 'manifestSchema', or one of them with 'inputColumn'"
              .formatted(path, type.sql()));
    }

    @Override
    void writeDecimal(JsonGenerator out, Decimal value) throws IOException {
      out.writeNumber(value.toJavaBigDecimal());
    }

    @Override
    void writeTime(JsonGenerator out, Object value, DataType type) throws IOException {
      out.writeString(ValueText.of(value, type));
    }

    @Override
    void writeMap(JsonGenerator out, MapData map, MapType type) throws IOException {
      out.writeStartObject();
      for (int i = 0; i < map.numElements(); i++) {
        Object key = map.keyArray().get(i, type.keyType());
        out.writeFieldName(ValueText.of(key, type.keyType()));
        writeElement(out, map.valueArray(), i, type.valueType());
      }
      out.writeEndObject();
    }
  },
  /** As frames have it: maps are arrays of pairs, decimals strings, times numbers since 1970. */
  FRAMES {
    @Override
    void requireKnownKey(String path, DataType type) {
      requireKnown(path, type);
    }

    @Override
    boolean isKnownScalar(DataType type) {
      return ValueText.isKnown(type) && !(type instanceof TimestampNTZType);
    }

    @Override
    IllegalArgumentException unknown(String path, DataType type) {
      return new IllegalArgumentException(
          "the DataFrame's column '%s' is of type %s, for which the protocol has no values: CAST it to one that it has, or leave it out with select"
              .formatted(path, type.sql()));
    }

    @Override
    void writeDecimal(JsonGenerator out, Decimal value) throws IOException {
      out.writeString(value.toJavaBigDecimal().toPlainString());
    }

    @Override
    void writeTime(JsonGenerator out, Object value, DataType type) throws IOException {
      out.writeNumber(((Number) value).longValue());
    }

    @Override
    void writeMap(JsonGenerator out, MapData map, MapType type) throws IOException {
      out.writeStartArray();
      for (int i = 0; i < map.numElements(); i++) {
        out.writeStartArray();
        writeElement(out, map.keyArray(), i, type.keyType());
        writeElement(out, map.valueArray(), i, type.valueType());
        out.writeEndArray();
      }
      out.writeEndArray();
    }
  };

  abstract void requireKnownKey(String path, DataType type);

  abstract boolean isKnownScalar(DataType type);

  abstract IllegalArgumentException unknown(String path, DataType type);

  abstract void writeDecimal(JsonGenerator out, Decimal value) throws IOException;

  abstract void writeTime(JsonGenerator out, Object value, DataType type) throws IOException;

  abstract void writeMap(JsonGenerator out, MapData map, MapType type) throws IOException;

  /**
   * Fails if the notation has no values of this type.
   *
   * @param path what the error calls the column or the part of it
   */
  public void requireKnown(String path, DataType type) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        requireKnown(path + "." + field.name(), field.dataType());
      }
    } else if (type instanceof ArrayType array) {
      requireKnown(path + ".element", array.elementType());
    } else if (type instanceof MapType map) {
      requireKnownKey(path + ".key", map.keyType());
      requireKnown(path + ".value", map.valueType());
    } else if (!(type instanceof BinaryType || isKnownScalar(type))) {
      throw unknown(path, type);
    }
  }

  /** Writes a row as an object. */
  public void write(JsonGenerator out, InternalRow row, StructType type) throws IOException {
    out.writeStartObject();
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      out.writeFieldName(fields[i].name());
      DataType field = fields[i].dataType();
      write(out, row.isNullAt(i) ? null : row.get(i, field), field);
    }
    out.writeEndObject();
  }

  /** Writes a value of a type that the notation knows. */
  public void write(JsonGenerator out, Object value, DataType type) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof byte[] bytes) {
      out.writeBinary(bytes);
    } else if (value instanceof Decimal decimal) {
      writeDecimal(out, decimal);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else if (value instanceof Float number) {
      out.writeNumber(number);
    } else if (type instanceof StructType struct) {
      write(out, (InternalRow) value, struct);
    } else if (type instanceof ArrayType array) {
      writeArray(out, (ArrayData) value, array.elementType());
    } else if (type instanceof MapType map) {
      writeMap(out, (MapData) value, map);
    } else if (type instanceof IntegralType) {
      out.writeNumber(((Number) value).longValue());
    } else if (isTime(type)) {
      writeTime(out, value, type);
    } else {
      out.writeString(ValueText.of(value, type));
    }
  }

  private static boolean isTime(DataType type) {
    return type instanceof TimestampType
        || type instanceof DateType
        || type instanceof TimestampNTZType;
  }

  private void writeArray(JsonGenerator out, ArrayData values, DataType element)
      throws IOException {
    out.writeStartArray();
    for (int i = 0; i < values.numElements(); i++) {
      writeElement(out, values, i, element);
    }
    out.writeEndArray();
  }

  void writeElement(JsonGenerator out, ArrayData values, int i, DataType type) throws IOException {
    write(out, values.isNullAt(i) ? null : values.get(i, type), type);
  }
}
