package org.apache.spark.sql.connect;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** In the package that a Spark Connect client's DataFrames are of: what a caller can see of one. */
public final class ConnectDataset extends Dataset<Row> {
  private static final long serialVersionUID = 1L;

  public ConnectDataset(Dataset<Row> classic) {
    super(classic.queryExecution(), classic.encoder());
  }
}
