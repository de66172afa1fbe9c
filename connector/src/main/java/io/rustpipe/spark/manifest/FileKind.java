package io.rustpipe.spark.manifest;

import io.rustpipe.spark.config.ManifestFormat;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the name of a file says of its content. */
enum FileKind {
  TEXT(ManifestFormat.TEXT),
  JSON(ManifestFormat.JSON),
  CSV(ManifestFormat.CSV),
  /** CSV with tabs. */
  TSV(ManifestFormat.CSV),
  PARQUET(ManifestFormat.PARQUET),
  ORC(ManifestFormat.ORC);

  /** Endings that Hadoop's codecs, and {@link ZstdCodec}, know; only as they are written here. */
  private static final Set<String> COMPRESSED =
      Set.of("gz", ZstdCodec.ENDING, "bz2", "lz4", "snappy", "deflate");

  /** Endings of compressed files that would be read as if they were not. */
  private static final Set<String> UNREADABLE =
      Set.of("zstd", "xz", "zip", "7z", "lzma", "br", "z", "tgz", "tar", "rar");

  private final ManifestFormat format;

  FileKind(ManifestFormat format) {
    this.format = format;
  }

  ManifestFormat format() {
    return format;
  }

  static FileKind of(String name) {
    String ending = ending(name).toLowerCase(Locale.ROOT);
    return COMPRESSED.contains(ending) ? ofEnding(ending(stem(name))) : ofEnding(ending);
  }

  private static FileKind ofEnding(String ending) {
    return switch (ending.toLowerCase(Locale.ROOT)) {
      case "json", "jsonl", "ndjson" -> JSON;
      case "csv" -> CSV;
      case "tsv" -> TSV;
      case "parquet" -> PARQUET;
      case "orc" -> ORC;
      default -> TEXT;
    };
  }

  /**
   * What all names have in common; nothing if there are none.
   *
   * @throws IllegalArgumentException if they differ
   */
  static Optional<FileKind> common(List<String> names) {
    Map<FileKind, String> examples = new EnumMap<>(FileKind.class);
    names.forEach(name -> examples.putIfAbsent(of(name), name));
    if (examples.size() > 1) {
      throw new IllegalArgumentException(
          "the manifest's files are of different kinds, %s: set the option 'manifestFormat', or pick files with 'pathGlobFilter'"
              .formatted(
                  examples.entrySet().stream()
                      .map(
                          e ->
                              "%s ('%s')"
                                  .formatted(
                                      e.getKey().name().toLowerCase(Locale.ROOT), e.getValue()))
                      .collect(Collectors.joining(" and "))));
    }
    return examples.keySet().stream().findFirst();
  }

  /**
   * Fails if a file is compressed in a way that Spark's readers would take for plain text.
   *
   * @throws IllegalArgumentException that names it
   */
  static void requireReadable(List<String> names) {
    for (String name : names) {
      String ending = ending(name);
      String lower = ending.toLowerCase(Locale.ROOT);
      boolean otherCase = COMPRESSED.contains(lower) && !lower.equals(ending);
      if (otherCase || UNREADABLE.contains(lower)) {
        throw new IllegalArgumentException(
            "the manifest's file '%s' can't be decompressed: Spark's readers go by the ending, and know .gz, .zst and .bz2 in lower case, not .%s"
                .formatted(name, ending));
      }
    }
  }

  static boolean isZstd(String name) {
    return ending(name).equals(ZstdCodec.ENDING);
  }

  private static String ending(String name) {
    return name.substring(stem(name).length()).replaceFirst("^\\.", "");
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= name.lastIndexOf('/') ? name : name.substring(0, dot);
  }
}
