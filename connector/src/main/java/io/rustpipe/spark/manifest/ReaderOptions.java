package io.rustpipe.spark.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rustpipe.spark.config.ManifestFormat;
import io.rustpipe.spark.config.Protocol;
import io.rustpipe.spark.config.RustpipeOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * What Spark's file source is told: which files are meant, what the user passes on with {@code
 * manifest.<x>}, and defaults. Nothing else: {@code mode}, for one, means something else to Spark's
 * JSON source.
 */
final class ReaderOptions {
  private static final String CODECS = "io.compression.codecs";

  private ReaderOptions() {}

  /** All that can be said before the files are known. */
  static Map<String, String> listing(RustpipeOptions options) {
    Map<String, String> map = new TreeMap<>(options.manifestReaderOptions());
    try {
      map.put("paths", new ObjectMapper().writeValueAsString(options.paths()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "can't write the paths " + options.paths() + " as JSON", e);
    }
    options.pathGlobFilter().ifPresent(glob -> map.put("pathGlobFilter", glob));
    map.put("recursiveFileLookup", String.valueOf(options.recursiveFileLookup()));
    return map;
  }

  /**
   * The options for reading the files.
   *
   * @param protocol decides what a line of text is: a URL has no carriage return, any other line
   *     may
   * @param conf Hadoop's configuration as Spark has it for the listed files
   */
  static CaseInsensitiveStringMap reading(
      Map<String, String> listing,
      ManifestFormat format,
      Protocol protocol,
      boolean tabs,
      List<String> files,
      Configuration conf) {
    Map<String, String> map = new TreeMap<>(listing);
    if (format == ManifestFormat.CSV) {
      map.putIfAbsent("header", "true");
      // Spark's default goes by position, and would mix up the columns of files that differ.
      map.putIfAbsent("enforceschema", "false");
      if (tabs && !map.containsKey("sep") && !map.containsKey("delimiter")) {
        map.put("sep", "\t");
      }
    }
    if (format == ManifestFormat.TEXT && protocol == Protocol.LINES) {
      map.putIfAbsent("linesep", "\n");
    }
    if (files.stream().anyMatch(FileKind::isZstd)) {
      // Of two codecs for an ending Hadoop takes the last.
      map.putIfAbsent(
          CODECS,
          Stream.concat(
                  conf.getTrimmedStringCollection(CODECS).stream(),
                  Stream.of(ZstdCodec.class.getName()))
              .collect(Collectors.joining(",")));
    }
    return new CaseInsensitiveStringMap(map);
  }
}
