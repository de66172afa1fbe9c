package io.rustpipe.spark.row;

import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** How the types are written whose values are not the same JSON everywhere. */
sealed interface Notation permits PositionalNotation, NamedNotation {

  ValueDecoder timestamp();

  ValueDecoder date();

  ValueDecoder decimal(DecimalType type);

  /**
   * Decodes maps.
   *
   * @throws IllegalArgumentException if there are none of this type
   */
  ValueDecoder map(String path, MapType type, UnsafeWriter writer);

  ValueDecoder struct(String path, StructType type, UnsafeWriter writer);
}
