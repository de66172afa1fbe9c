package io.rustpipe.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** The testkit's worker that answers each input with one row of its fields. */
final class EchoWorker {
  private static final Path TARGET =
      Path.of(System.getProperty("rustpipe.root"), "worker-rs", "target");

  private EchoWorker() {}

  /** Options for a table {@code echo} of these columns. */
  static Map<String, String> options(StructType columns) {
    List<List<String>> pairs =
        Arrays.stream(columns.fields())
            .map(field -> List.of(field.name(), field.dataType().catalogString()))
            .toList();
    return Map.of("worker", program().toString(), "workerArgs", json(List.of(json(pairs))));
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cargo builds it with the worker, for the one target that there is. */
  private static Path program() {
    try (var folders = Files.list(TARGET)) {
      return folders
          .map(
              folder ->
                  folder.resolve("release").resolve("rustpipe-echo").toAbsolutePath().normalize())
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("cargo build has made no rustpipe-echo"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
