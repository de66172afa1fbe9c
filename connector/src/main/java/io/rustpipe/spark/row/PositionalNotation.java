package io.rustpipe.spark.row;

import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** As frames have it, made to be read fast: values by position, times as numbers. */
enum PositionalNotation implements Notation {
  INSTANCE;

  @Override
  public ValueDecoder timestamp() {
    return ScalarDecoder.LONG;
  }

  @Override
  public ValueDecoder date() {
    return ScalarDecoder.INT;
  }

  @Override
  public ValueDecoder decimal(DecimalType type) {
    return new DecimalDecoder(type, false);
  }

  @Override
  public ValueDecoder map(String path, MapType type, UnsafeWriter writer) {
    return new MapDecoder(
        writer,
        Field.of(path + ".key", type.keyType(), false, writer, this),
        Field.of(path + ".value", type.valueType(), type.valueContainsNull(), writer, this));
  }

  @Override
  public ValueDecoder struct(String path, StructType type, UnsafeWriter writer) {
    return new StructDecoder(writer, new Fields(path, type, writer));
  }
}
