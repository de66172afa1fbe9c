package io.rustpipe.spark.manifest;

import java.io.Serializable;
import org.apache.spark.sql.types.StructType;

/**
 * Where things are in the rows of Spark's file source.
 *
 * @param text whether a row is a line, which is to be trimmed and may be blank or a comment
 * @param urlOrdinal where the URL is
 * @param keptOrdinals where the kept columns are, {@link #URL} standing for the URL as it is sent
 *     to the worker
 * @param kept the kept columns
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Never compared: a plan is equal to another by where it came from.
record RowLayout(boolean text, int urlOrdinal, int[] keptOrdinals, StructType kept)
    implements Serializable {
  /** Stands for the URL in {@link #keptOrdinals}. */
  static final int URL = -1;
}
