package io.rustpipe.spark.manifest;

import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/**
 * Some columns of a row of Spark's file source.
 *
 * @param ordinals where they are, {@link #URL} standing for the URL as it is sent to the worker
 * @param types their types
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Never compared: a plan is equal to another by where it came from.
record PickedColumns(int[] ordinals, DataType[] types) implements Serializable {
  /** Stands for the URL in {@link #ordinals}. */
  static final int URL = -1;
}
