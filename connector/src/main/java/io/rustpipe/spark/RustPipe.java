package io.rustpipe.spark;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.scan.PipedTable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Any DataFrame through a worker: each of its rows is an input, and what the worker makes of them
 * comes back as typed rows. The same sessions, decoder and faults as those of {@code
 * spark.read().format("rustpipe")}, whose inputs come from a manifest.
 *
 * <pre>{@code
 * Dataset<Row> scored =
 *     RustPipe.pipe(texts.select("id", "text"), Map.of("worker", "/opt/score", "keep", "id"));
 * }</pre>
 *
 * <p>{@code docs/pipe.md} says the same at more length.
 */
public final class RustPipe {

  private RustPipe() {}

  /**
   * The rows that a worker makes of the rows of a DataFrame. Nothing runs before the result is
   * asked for; then each partition that has rows gets a worker of its own.
   *
   * <p>The columns are those of the DataFrame that the option {@code keep} names (all whose names
   * the worker's table doesn't have, if it is not given), then the worker's, then {@code
   * error_code} and {@code error_message} where its table has no {@code error_code}. An input that
   * fails is a row with its kept columns and these two, or what the option {@code mode} says.
   *
   * <p>The worker gets the columns that its table lists as its input, found by their names, or all
   * if it lists none.
   *
   * @param options as for a read, but for those that are about manifests; settings {@code
   *     spark.datasource.rustpipe.*} of the session are their defaults
   * @throws IllegalArgumentException if an option is unknown, not allowed or about manifests, if
   *     the worker can't be asked what it offers, or if the DataFrame lacks a column that it needs
   *     or has it with another type
   * @throws UnsupportedOperationException if the DataFrame is one of a Spark Connect client, which
   *     has no plan in this JVM: the server makes it, and takes no code of a library from a client
   */
  public static Dataset<Row> pipe(Dataset<Row> df, Map<String, String> options) {
    if (df.getClass().getName().startsWith("org.apache.spark.sql.connect.")) {
      throw new UnsupportedOperationException(
          "RustPipe.pipe can't take a DataFrame of a Spark Connect client: its plan is made on the"
              + " server, which takes no code of a library from a client; use"
              + " spark.read().format(\"rustpipe\"), or run this in a classic session");
    }
    return within(
        df.sparkSession(), () -> PipedTable.of(df, RustpipeOptions.ofPipe(texts(options))));
  }

  /** From Python numbers and booleans come as they are, whatever the signature says. */
  private static Map<String, String> texts(Map<?, ?> options) {
    var texts = new HashMap<String, String>();
    options.forEach((name, value) -> texts.put(String.valueOf(name), String.valueOf(value)));
    return texts;
  }

  /** What the session says counts, and not what the one does that is active by chance. */
  private static <T> T within(SparkSession session, Supplier<T> work) {
    var active = SparkSession.getActiveSession();
    SparkSession.setActiveSession(session);
    try {
      return work.get();
    } finally {
      if (active.isDefined()) {
        SparkSession.setActiveSession(active.get());
      } else {
        SparkSession.clearActiveSession();
      }
    }
  }
}
