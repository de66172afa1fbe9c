package io.rustpipe.spark.manifest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes Spark's values as JSON: numbers as numbers, binary as base64, maps and structs as objects,
 * nulls as null, all else as the string that {@link ValueText} has for it. Spark's own generator
 * cuts times to milliseconds, and its signatures are Scala's.
 */
final class JsonValues {
  private JsonValues() {}

  /**
   * Fails if no JSON stands for values of this type.
   *
   * @param path what the error calls the column or the part of it
   */
  static void requireKnown(String path, DataType type) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        requireKnown(path + "." + field.name(), field.dataType());
      }
    } else if (type instanceof ArrayType array) {
      requireKnown(path + ".element", array.elementType());
    } else if (type instanceof MapType map && ValueText.isKnown(map.keyType())) {
      requireKnown(path + ".value", map.valueType());
    } else if (!(type instanceof BinaryType || ValueText.isKnown(type))) {
      throw new IllegalArgumentException(
          "the manifest's column '%s' is of type %s, for which there is no JSON: name the columns that the program needs with the option 'manifestSchema', or one of them with 'inputColumn'"
              .formatted(path, type.sql()));
    }
  }

  static void write(JsonGenerator out, InternalRow row, StructType type) throws IOException {
    out.writeStartObject();
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      out.writeFieldName(fields[i].name());
      DataType field = fields[i].dataType();
      write(out, row.isNullAt(i) ? null : row.get(i, field), field);
    }
    out.writeEndObject();
  }

  static void write(JsonGenerator out, Object value, DataType type) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof byte[] bytes) {
      out.writeBinary(bytes);
    } else if (value instanceof Decimal decimal) {
      out.writeNumber(decimal.toJavaBigDecimal());
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
    } else if (isInteger(type)) {
      out.writeNumber(((Number) value).longValue());
    } else {
      out.writeString(ValueText.of(value, type));
    }
  }

  private static boolean isInteger(DataType type) {
    return type instanceof org.apache.spark.sql.types.IntegralType;
  }

  private static void writeArray(JsonGenerator out, ArrayData values, DataType element)
      throws IOException {
    out.writeStartArray();
    for (int i = 0; i < values.numElements(); i++) {
      write(out, values.isNullAt(i) ? null : values.get(i, element), element);
    }
    out.writeEndArray();
  }

  private static void writeMap(JsonGenerator out, MapData map, MapType type) throws IOException {
    out.writeStartObject();
    ArrayData keys = map.keyArray();
    ArrayData values = map.valueArray();
    for (int i = 0; i < map.numElements(); i++) {
      out.writeFieldName(ValueText.of(keys.get(i, type.keyType()), type.keyType()));
      DataType value = type.valueType();
      write(out, values.isNullAt(i) ? null : values.get(i, value), value);
    }
    out.writeEndObject();
  }
}
