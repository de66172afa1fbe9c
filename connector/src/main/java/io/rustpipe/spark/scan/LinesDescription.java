package io.rustpipe.spark.scan;

import io.rustpipe.spark.config.ErrorMode;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.row.LineDecoder;
import io.rustpipe.spark.worker.LinesSession;
import io.rustpipe.spark.worker.LinesWorker;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * All that was decided on the driver about a scan of a program's lines, but for which rows of the
 * manifest a task reads.
 *
 * @param schema the user's columns
 * @param wanted those of them that the rows have
 * @param zone the session's, of times without an offset
 * @param limit rows after which a task may stop; null for all
 */
record LinesDescription(
    LinesWorker worker,
    StructType schema,
    StructType wanted,
    RustpipeOptions options,
    ZoneId zone,
    Integer limit)
    implements Serializable {

  /**
   * With only these columns of its rows. But where a malformed line makes a row or leaves one out,
   * all are read: which rows there are must not depend on the columns that a query selects.
   */
  LinesDescription prune(StructType columns) {
    if (options.mode() == ErrorMode.DROPMALFORMED || keepsMalformed()) {
      return this;
    }
    var names = Set.of(columns.fieldNames());
    var kept =
        Arrays.stream(schema.fields())
            .filter(field -> names.contains(field.name()))
            .toArray(StructField[]::new);
    return new LinesDescription(worker, schema, new StructType(kept), options, zone, limit);
  }

  LinesDescription withLimit(int rows) {
    return new LinesDescription(worker, schema, wanted, options, zone, rows);
  }

  /** Whether a malformed line is a row. */
  boolean keepsMalformed() {
    return options.mode() == ErrorMode.PERMISSIVE
        && Set.of(schema.fieldNames()).contains(LineDecoder.CORRUPT_RECORD);
  }

  /** The columns as Spark sees them: a malformed line has null in any of them. */
  static StructType nullable(StructType columns) {
    return new StructType(
        Arrays.stream(columns.fields())
            .map(f -> new StructField(f.name(), f.dataType(), true, f.metadata()))
            .toArray(StructField[]::new));
  }

  LineDecoder decoder() {
    return new LineDecoder(schema, wanted, zone);
  }

  LinesSession.Rules rules() {
    return new LinesSession.Rules(
        options.linesPerInput(),
        options.allowEarlyExit(),
        options.givenWorkerTimeout().orElse(null));
  }
}
