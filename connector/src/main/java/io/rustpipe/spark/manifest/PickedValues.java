package io.rustpipe.spark.manifest;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** A row of {@link PickedColumns}, filled anew for each row of the manifest. */
final class PickedValues {
  private final PickedColumns columns;
  private final Object[] values;
  private final GenericInternalRow picked;

  PickedValues(PickedColumns columns) {
    this.columns = columns;
    this.values = new Object[columns.ordinals().length];
    this.picked = new GenericInternalRow(values);
  }

  /** The same row at each call; its values live as long as those of the given row. */
  InternalRow of(InternalRow row, UTF8String url) {
    for (int i = 0; i < values.length; i++) {
      int ordinal = columns.ordinals()[i];
      if (ordinal == PickedColumns.URL) {
        values[i] = url;
      } else {
        values[i] = row.isNullAt(ordinal) ? null : row.get(ordinal, columns.types()[i]);
      }
    }
    return picked;
  }
}
