package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;

/** Moves one JSON value that is not null into one slot of an unsafe row or array. */
sealed interface ValueDecoder
    permits ScalarDecoder,
        DecimalDecoder,
        ArrayDecoder,
        StructDecoder,
        MapDecoder,
        IsoDateDecoder,
        IsoTimestampDecoder,
        ObjectDecoder,
        ObjectMapDecoder {

  /**
   * Reads the value that comes next and writes it.
   *
   * @throws MalformedFrameException if the value is not of this type; {@link Field} turns it into
   *     an error that names the column, unless the bytes are no JSON at all
   */
  void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException, RowFormatException;

  /** Bytes that a value takes as an array's element; what doesn't fit is referred to by eight. */
  default int slotBytes() {
    return Long.BYTES;
  }

  /** Marks the slot as null. */
  default void setNull(UnsafeWriter writer, int ordinal) {
    switch (slotBytes()) {
      case Byte.BYTES -> writer.setNull1Bytes(ordinal);
      case Short.BYTES -> writer.setNull2Bytes(ordinal);
      case Integer.BYTES -> writer.setNull4Bytes(ordinal);
      default -> writer.setNull8Bytes(ordinal);
    }
  }
}
