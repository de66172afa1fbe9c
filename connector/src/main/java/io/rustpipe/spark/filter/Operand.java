package io.rustpipe.spark.filter;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/** What a test looks at. */
sealed interface Operand extends Serializable {

  DataType type();

  /** As Spark holds it in rows; null for SQL's null. */
  Object value(InternalRow row);

  record Literal(Object value, DataType type) implements Operand {
    @Override
    public Object value(InternalRow row) {
      return value;
    }
  }

  record Column(int ordinal, DataType type) implements Operand {
    @Override
    public Object value(InternalRow row) {
      return row.isNullAt(ordinal) ? null : row.get(ordinal, type);
    }
  }

  /** A field of a struct. */
  record Field(Operand struct, int ordinal, DataType type) implements Operand {
    @Override
    public Object value(InternalRow row) {
      var outer = (InternalRow) struct.value(row);
      return outer == null || outer.isNullAt(ordinal) ? null : outer.get(ordinal, type);
    }
  }
}
