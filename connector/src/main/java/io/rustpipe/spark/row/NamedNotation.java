package io.rustpipe.spark.row;

import java.time.ZoneId;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * As people write JSON: structs and maps are objects, times are ISO 8601.
 *
 * @param zone of times that have none of their own
 */
record NamedNotation(ZoneId zone) implements Notation {

  @Override
  public ValueDecoder timestamp() {
    return new IsoTimestampDecoder(zone);
  }

  @Override
  public ValueDecoder date() {
    return IsoDateDecoder.INSTANCE;
  }

  @Override
  public ValueDecoder decimal(DecimalType type) {
    return new DecimalDecoder(type, true);
  }

  @Override
  public ValueDecoder map(String path, MapType type, UnsafeWriter writer) {
    if (!(type.keyType() instanceof StringType)) {
      throw new IllegalArgumentException(
          "column '%s' is of type %s, but the names in a JSON object are strings: its keys must be STRING"
              .formatted(path, type.catalogString()));
    }
    return new ObjectMapDecoder(
        writer,
        Field.of(path + ".value", type.valueType(), type.valueContainsNull(), writer, this));
  }

  @Override
  public ValueDecoder struct(String path, StructType type, UnsafeWriter writer) {
    return new ObjectDecoder(writer, new NamedFields(path, type, writer, this));
  }
}
