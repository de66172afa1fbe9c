package io.rustpipe.spark.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;

/** Random schemas, random rows in Spark's own form, and the same rows as Jackson writes them. */
final class RandomRows {
  private static final DataType[] SCALARS = {
    DataTypes.StringType,
    DataTypes.ByteType,
    DataTypes.ShortType,
    DataTypes.IntegerType,
    DataTypes.LongType,
    DataTypes.FloatType,
    DataTypes.DoubleType,
    DataTypes.BooleanType,
    DataTypes.TimestampType,
    DataTypes.DateType,
    DataTypes.BinaryType,
    DataTypes.createDecimalType(9, 2),
    DataTypes.createDecimalType(38, 12)
  };

  private final Random random;

  RandomRows(long seed) {
    this.random = new Random(seed);
  }

  StructType schema(int maxColumns, int depth) {
    StructType schema = new StructType();
    for (int i = random.nextInt(maxColumns + 1); i >= 0; i--) {
      schema = schema.add("c" + i, type(depth), random.nextInt(4) > 0);
    }
    return schema;
  }

  InternalRow row(StructType schema) {
    StructField[] fields = schema.fields();
    Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = valueOrNull(fields[i].dataType(), fields[i].nullable());
    }
    return new GenericInternalRow(values);
  }

  byte[] json(StructType schema, InternalRow row) {
    var bytes = new ByteArrayOutputStream();
    JsonFactory factory =
        JsonFactory.builder()
            .configure(JsonWriteFeature.ESCAPE_NON_ASCII, random.nextBoolean())
            .build();
    try (JsonGenerator generator = factory.createGenerator(bytes)) {
      if (random.nextBoolean()) {
        generator.useDefaultPrettyPrinter();
      }
      write(generator, schema, row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private DataType type(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(6)) {
      case 1 -> DataTypes.createArrayType(type(depth - 1), random.nextBoolean());
      case 2 -> DataTypes.createMapType(scalar(), type(depth - 1), random.nextBoolean());
      case 3 -> schema(4, depth - 1);
      default -> scalar();
    };
  }

  private DataType scalar() {
    return SCALARS[random.nextInt(SCALARS.length)];
  }

  private Object valueOrNull(DataType type, boolean nullable) {
    return nullable && random.nextInt(5) == 0 ? null : value(type);
  }

  private Object value(DataType type) {
    if (type instanceof StringType) {
      return UTF8String.fromString(text());
    } else if (type instanceof ByteType) {
      return (byte) integer();
    } else if (type instanceof ShortType) {
      return (short) integer();
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return (int) integer();
    } else if (type instanceof LongType || type instanceof TimestampType) {
      return integer();
    } else if (type instanceof FloatType) {
      float value = Float.intBitsToFloat(random.nextInt());
      return Float.isNaN(value) ? Float.NaN : value;
    } else if (type instanceof DoubleType) {
      double value = Double.longBitsToDouble(random.nextLong());
      return Double.isNaN(value) ? Double.NaN : value;
    } else if (type instanceof BooleanType) {
      return random.nextBoolean();
    } else if (type instanceof BinaryType) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      return bytes;
    } else if (type instanceof DecimalType decimal) {
      int bits = random.nextInt(decimal.precision() == 9 ? 29 : 126);
      BigInteger unscaled = new BigInteger(bits, random);
      return Decimal.apply(
          new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale()),
          decimal.precision(),
          decimal.scale());
    } else if (type instanceof ArrayType array) {
      return array(array.elementType(), array.containsNull(), random.nextInt(5));
    } else if (type instanceof MapType map) {
      int size = random.nextInt(4);
      return new ArrayBasedMapData(
          array(map.keyType(), false, size), array(map.valueType(), map.valueContainsNull(), size));
    }
    return row((StructType) type);
  }

  private ArrayData array(DataType element, boolean containsNull, int size) {
    Object[] values = new Object[size];
    for (int i = 0; i < size; i++) {
      values[i] = valueOrNull(element, containsNull);
    }
    return new GenericArrayData(values);
  }

  /** Of any magnitude, not just large ones. */
  private long integer() {
    return random.nextLong() >> random.nextInt(Long.SIZE);
  }

  private String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      int kind = random.nextInt(20);
      int codePoint =
          switch (kind) {
            case 0 -> random.nextInt(0x20);
            case 1 -> '"';
            case 2 -> '\\';
            case 3 -> random.nextInt(0x800);
            case 4 -> random.nextInt(0xd800);
            case 5 -> 0x10000 + random.nextInt(0x100000);
            default -> 'a' + random.nextInt(26);
          };
      text.appendCodePoint(codePoint);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, StructType type, InternalRow row)
      throws IOException {
    out.writeStartArray();
    StructField[] fields = type.fields();
    for (int i = 0; i < fields.length; i++) {
      write(out, fields[i].dataType(), row.get(i, fields[i].dataType()));
    }
    out.writeEndArray();
  }

  private static void write(JsonGenerator out, DataType type, Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Number number && !(value instanceof Decimal)) {
      writeNumber(out, number);
    } else if (value instanceof Boolean bool) {
      out.writeBoolean(bool);
    } else if (value instanceof byte[] bytes) {
      out.writeBinary(bytes);
    } else if (type instanceof ArrayType array) {
      ArrayData values = (ArrayData) value;
      out.writeStartArray();
      for (int i = 0; i < values.numElements(); i++) {
        write(out, array.elementType(), values.get(i, array.elementType()));
      }
      out.writeEndArray();
    } else if (type instanceof MapType map) {
      MapData pairs = (MapData) value;
      out.writeStartArray();
      for (int i = 0; i < pairs.numElements(); i++) {
        out.writeStartArray();
        write(out, map.keyType(), pairs.keyArray().get(i, map.keyType()));
        write(out, map.valueType(), pairs.valueArray().get(i, map.valueType()));
        out.writeEndArray();
      }
      out.writeEndArray();
    } else if (type instanceof StructType struct) {
      write(out, struct, (InternalRow) value);
    } else {
      out.writeString(value.toString());
    }
  }

  /** Jackson writes what JSON lacks, such as NaN, as the protocol does: in quotes. */
  private static void writeNumber(JsonGenerator out, Number number) throws IOException {
    if (number instanceof Double value) {
      out.writeNumber(value);
    } else if (number instanceof Float value) {
      out.writeNumber(value);
    } else {
      out.writeNumber(number.longValue());
    }
  }
}
