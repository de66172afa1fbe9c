package io.rustpipe.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** The testkit's worker that answers each input with one row of its fields. */
final class EchoWorker {
  private EchoWorker() {}

  /** Options for a table {@code echo} of these columns. */
  static Map<String, String> options(StructType columns) {
    List<List<String>> pairs =
        Arrays.stream(columns.fields())
            .map(field -> List.of(field.name(), field.dataType().catalogString()))
            .toList();
    return Map.of(
        "worker",
        Built.program("rustpipe-echo").toString(),
        "workerArgs",
        json(List.of(json(pairs))));
  }

  private static String json(Object value) {
    try {
      return new ObjectMapper().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
