package io.rustpipe.spark.manifest;

import java.io.Serializable;

/**
 * Where things are in the rows of Spark's file source.
 *
 * @param text whether a row is a line, which is to be trimmed and may be blank or a comment
 * @param urlOrdinal where the URL is
 * @param integrityOrdinal where the expected digest is; {@link #NONE} if none is expected
 * @param kept the columns that go with an input
 * @param filtered the columns that the filter looks at
 */
record RowLayout(
    boolean text, int urlOrdinal, int integrityOrdinal, PickedColumns kept, PickedColumns filtered)
    implements Serializable {
  /** Stands for a column that is not there. */
  static final int NONE = -1;
}
