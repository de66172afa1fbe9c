package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DidYouMeanTest {
  private static final List<String> KNOWN = List.of("table", "keep", "urlColumn", "concurrency");

  @ParameterizedTest
  @CsvSource({
    "tabel,table",
    "kep,keep",
    "URLCOLUMN,urlColumn",
    "url_column,urlColumn",
    "concurency,concurrency",
    "host,",
    "'',"
  })
  void nearestNeedsFewEdits(String name, String nearest) {
    assertEquals(Optional.ofNullable(nearest), DidYouMean.nearest(name, KNOWN));
  }

  @Test
  void longListsAreCut() {
    List<String> many = IntStream.range(0, 1000).mapToObj(i -> "column" + i).toList();
    String hint = DidYouMean.hint("x", "columns", many);
    assertTrue(hint.startsWith("; columns: column0, "), hint);
    assertTrue(hint.endsWith("column59 and 940 more"), hint);
  }
}
