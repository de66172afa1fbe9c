package io.rustpipe.spark.config;

import static io.rustpipe.spark.config.OptionSpec.optional;
import static io.rustpipe.spark.config.OptionSpec.withDefault;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The declarations that say how a manifest's rows are read and shared out. */
final class ManifestOptions {
  static final OptionSpec<ManifestFormat> FORMAT =
      withDefault(
          "manifestFormat",
          "`auto`, `text`, `json`, `csv`, `parquet` or `orc`",
          "auto",
          "How the manifest is read: `text` has one URL a line, `json` one object a line. `auto`"
              + " goes by how the names of the files end, compressed or not: `.json`, `.jsonl` and"
              + " `.ndjson` are JSON, `.csv` and `.tsv` are CSV, `.parquet` and `.orc` what they"
              + " say, all else is text.",
          Parsers.oneOf(ManifestFormat.class));

  static final OptionSpec<StructType> SCHEMA =
      optional(
          "manifestSchema",
          "columns as DDL, `url STRING, size BIGINT`",
          "the columns are inferred",
          "The manifest's columns and their types, where inference takes too long or guesses wrong."
              + " A text manifest has none to choose.",
          ManifestOptions::schema);

  static final OptionSpec<String> INTEGRITY_COLUMN =
      optional(
          "integrityColumn",
          "string",
          "none",
          "The manifest's column with the digest that a body must have, as `sha512-` and base64 or"
              + " as hexadecimal digits. A body with another one ends as `INTEGRITY_MISMATCH`; null"
              + " expects nothing.",
          Parsers::text);

  static final OptionSpec<Partitioning> PARTITIONING =
      withDefault(
          "partitioning",
          "`count` or `host`",
          "count",
          "`count` gives every task the same number of URLs; `host` gives all URLs of a host to one"
              + " task.",
          Parsers.oneOf(Partitioning.class));

  private static final String READER_PREFIX = "manifest.";

  /** Stands for every option that begins with {@code manifest.}; has no value of its own. */
  static final OptionSpec<String> READER =
      optional(
          READER_PREFIX + "<x>",
          "as Spark's file sources take it",
          "none",
          "Is handed to the reader of the manifest's files as its option `<x>`: `manifest.header`,"
              + " `manifest.delimiter`, `manifest.multiLine`, `manifest.encoding`, and so on.",
          value -> value);

  /** Which files are meant is said without the prefix. */
  private static final List<String> NOT_FOR_THE_READER =
      List.of("path", "paths", "pathGlobFilter", "recursiveFileLookup");

  private ManifestOptions() {}

  static boolean isReaderOption(String name) {
    return name.regionMatches(true, 0, READER_PREFIX, 0, READER_PREFIX.length());
  }

  /**
   * The name under which an option of the reader is kept: the case makes no difference.
   *
   * @throws IllegalArgumentException if it is none that the reader may be given
   */
  static String readerOption(String name) {
    String option = name.substring(READER_PREFIX.length());
    if (option.isBlank()) {
      throw new IllegalArgumentException(
          "the option '%s' names no option of the manifest's reader: write for example 'manifest.header'"
              .formatted(name));
    }
    NOT_FOR_THE_READER.stream()
        .filter(option::equalsIgnoreCase)
        .findFirst()
        .ifPresent(
            own -> {
              throw new IllegalArgumentException(
                  "the option '%s' would say a second time which files are read: use the option '%s'"
                      .formatted(name, own));
            });
    return READER_PREFIX + option.toLowerCase(Locale.ROOT);
  }

  /** What the reader is handed, by its own names. */
  static Map<String, String> readerOptions(Map<String, String> given) {
    Map<String, String> options = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          if (isReaderOption(name)) {
            options.put(name.substring(READER_PREFIX.length()), value);
          }
        });
    return options;
  }

  private static StructType schema(String ddl) {
    StructType schema;
    try {
      schema = StructType.fromDDL(ddl);
    } catch (Exception e) {
      // Spark's ParseException is checked, and no Spark method says that it is thrown.
      throw new IllegalArgumentException(
          "columns as DDL, such as url STRING, size BIGINT; Spark's parser says: "
              + e.getMessage().strip().lines().findFirst().orElse(""),
          e);
    }
    Set<String> names = new HashSet<>();
    for (StructField field : schema.fields()) {
      if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "each column once, but '" + field.name() + "' is there twice");
      }
      if (field.dataType().sql().matches("(?is).*\\b(?:var)?char\\(.*")) {
        throw new IllegalArgumentException(
            "types that files have, but '%s' is %s: write STRING"
                .formatted(field.name(), field.dataType().sql()));
      }
    }
    return schema;
  }
}
