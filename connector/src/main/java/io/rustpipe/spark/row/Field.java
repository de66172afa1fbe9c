package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * A column or a part of one: its place in error messages, its type, whether it may be null, and how
 * its values are decoded.
 */
final class Field {
  private final String path;
  private final DataType type;
  private final boolean nullable;
  private final ValueDecoder decoder;

  private Field(String path, DataType type, boolean nullable, ValueDecoder decoder) {
    this.path = path;
    this.type = type;
    this.nullable = nullable;
    this.decoder = decoder;
  }

  /**
   * @throws IllegalArgumentException if the notation has no values of this type
   */
  static Field of(
      String path, DataType type, boolean nullable, UnsafeWriter writer, Notation notation) {
    return new Field(path, type, nullable, decoder(path, type, writer, notation));
  }

  int slotBytes() {
    return decoder.slotBytes();
  }

  void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException {
    if (cursor.readNull()) {
      if (!nullable) {
        throw new RowFormatException(path, type.catalogString() + " that is not null", "null");
      }
      decoder.setNull(writer, ordinal);
      return;
    }
    int start = cursor.position();
    try {
      decoder.decode(cursor, writer, ordinal);
    } catch (MalformedFrameException e) {
      // If the value is JSON at all, it is not one of this type.
      cursor.rewind(start);
      throw new RowFormatException(path, type.catalogString(), cursor.readRaw());
    }
  }

  /**
   * Fills the slot of a value that is not there at all.
   *
   * @throws RowFormatException if it can't be null
   */
  void missing(UnsafeWriter writer, int ordinal) throws RowFormatException {
    if (!nullable) {
      throw new RowFormatException(path, type.catalogString() + " that is not null", "no value");
    }
    decoder.setNull(writer, ordinal);
  }

  /** Makes the slot null, whatever the column says: a row of which nothing is known. */
  void setNull(UnsafeWriter writer, int ordinal) {
    decoder.setNull(writer, ordinal);
  }

  String path() {
    return path;
  }

  @Override
  public String toString() {
    return path;
  }

  private static ValueDecoder decoder(
      String path, DataType type, UnsafeWriter writer, Notation notation) {
    if (type instanceof StringType) {
      return ScalarDecoder.STRING;
    } else if (type instanceof LongType) {
      return ScalarDecoder.LONG;
    } else if (type instanceof IntegerType) {
      return ScalarDecoder.INT;
    } else if (type instanceof BooleanType) {
      return ScalarDecoder.BOOLEAN;
    } else if (type instanceof DoubleType) {
      return ScalarDecoder.DOUBLE;
    } else if (type instanceof FloatType) {
      return ScalarDecoder.FLOAT;
    } else if (type instanceof ShortType) {
      return ScalarDecoder.SHORT;
    } else if (type instanceof ByteType) {
      return ScalarDecoder.BYTE;
    } else if (type instanceof BinaryType) {
      return ScalarDecoder.BINARY;
    } else if (type instanceof TimestampType) {
      return notation.timestamp();
    } else if (type instanceof DateType) {
      return notation.date();
    } else if (type instanceof DecimalType decimal) {
      return notation.decimal(decimal);
    } else if (type instanceof ArrayType array) {
      return new ArrayDecoder(
          writer,
          of(path + ".element", array.elementType(), array.containsNull(), writer, notation));
    } else if (type instanceof MapType map) {
      return notation.map(path, map, writer);
    } else if (type instanceof StructType struct) {
      return notation.struct(path, struct, writer);
    }
    throw unknown(path, type);
  }

  static IllegalArgumentException unknown(String path, DataType type) {
    return new IllegalArgumentException(
        "column '" + path + "': the protocol has no values of type " + type.catalogString());
  }
}
