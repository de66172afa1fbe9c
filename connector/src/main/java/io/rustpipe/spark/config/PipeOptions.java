package io.rustpipe.spark.config;

import java.util.Map;
import java.util.Optional;

/**
 * What of the options there is where a DataFrame takes the manifest's place, and what is done there
 * instead.
 */
final class PipeOptions {
  private static final String ROWS =
      "the DataFrame has the inputs; a manifest is read with spark.read().format(\"rustpipe\")";
  private static final String FILES =
      "read the files with spark.read(), and give the DataFrame that comes of it";
  private static final String TASKS =
      "each partition of the DataFrame has a worker of its own: repartition it";
  private static final String LINES =
      "'lines' needs a manifest: spark.read().format(\"rustpipe\") with option 'protocol'";

  /** What to do in the place of options that say nothing here. */
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("path", ROWS),
          Map.entry("paths", ROWS),
          Map.entry("urlColumn", renamed("url")),
          Map.entry("integrityColumn", renamed("integrity")),
          Map.entry("partitions", TASKS),
          Map.entry("partitioning", TASKS),
          Map.entry("manifestFormat", FILES),
          Map.entry("manifestSchema", FILES),
          Map.entry("pathGlobFilter", FILES),
          Map.entry("recursiveFileLookup", FILES),
          Map.entry("inputColumn", LINES),
          Map.entry("linesPerInput", LINES),
          Map.entry("allowEarlyExit", LINES));

  private PipeOptions() {}

  private static String renamed(String column) {
    return "columns go by their names: rename yours with select(\"... AS %s\")".formatted(column);
  }

  /** Whether an option says anything about the rows of a DataFrame. */
  static boolean suits(String name) {
    return instead(name).isEmpty();
  }

  private static Optional<String> instead(String name) {
    return ManifestOptions.isReaderOption(name)
        ? Optional.of(FILES)
        : Optional.ofNullable(INSTEAD.get(name));
  }

  /**
   * Fails if options were given that a DataFrame has no use for.
   *
   * @throws IllegalArgumentException that says what to do instead
   */
  static void check(Map<String, String> given) {
    if (LinesOptions.PROTOCOL.in(given).orElseThrow() == Protocol.LINES) {
      throw new IllegalArgumentException(
          "option 'protocol' is 'lines', but RustPipe.pipe gives each row its own outcome, and"
              + " lines have no ids to tell them apart by: set it to 'rustpipe' for a worker that"
              + " speaks the protocol, or write the rows to files and read those with"
              + " spark.read().format(\"rustpipe\")");
    }
    for (String name : given.keySet()) {
      instead(name)
          .ifPresent(
              instead -> {
                throw new IllegalArgumentException(
                    "option '%s' is not for RustPipe.pipe: %s".formatted(name, instead));
              });
    }
  }
}
