package io.rustpipe.spark.manifest;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What of a manifest's row is sent as a line. */
sealed interface LineForm extends Serializable {

  /**
   * The value of one column.
   *
   * @param ordinal where it is in the rows of Spark's file source
   */
  record OneColumn(int ordinal, String name, DataType type) implements LineForm {}

  /**
   * All columns, as a JSON object.
   *
   * @param columns the rows of Spark's file source
   */
  record WholeRow(StructType columns) implements LineForm {}
}
