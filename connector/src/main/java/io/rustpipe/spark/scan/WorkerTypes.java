package io.rustpipe.spark.scan;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** The types that workers write in their descriptions. */
final class WorkerTypes {

  private WorkerTypes() {}

  /**
   * The type of this name.
   *
   * @param what whose type it is, for the error
   * @throws IllegalArgumentException if Spark SQL does not know it
   */
  static DataType parse(String what, String type) {
    try {
      var parsed = StructType.fromDDL("c " + type).fields();
      if (parsed.length == 1) {
        return parsed[0].dataType();
      }
    } catch (Exception e) {
      // Spark's parser throws a checked exception that it does not declare.
      throw unknown(what, type, e);
    }
    throw unknown(what, type, null);
  }

  private static IllegalArgumentException unknown(String what, String type, Exception cause) {
    return new IllegalArgumentException(
        "the worker's %s has type '%s', which Spark SQL does not know".formatted(what, type),
        cause);
  }
}
