package io.rustpipe.spark.config;

import java.util.Locale;
import org.apache.spark.sql.internal.SQLConf;

/** When two names mean one column. */
public final class ColumnNames {
  private ColumnNames() {}

  /** Whether the names are one to the SQL of the active session. */
  public static boolean same(String left, String right) {
    return SQLConf.get().caseSensitiveAnalysis()
        ? left.equals(right)
        : left.toLowerCase(Locale.ROOT).equals(right.toLowerCase(Locale.ROOT));
  }
}
