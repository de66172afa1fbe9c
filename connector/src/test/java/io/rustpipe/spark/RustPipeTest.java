package io.rustpipe.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connect.ConnectDataset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is decided when {@link RustPipe#pipe} is called, before any task. */
final class RustPipeTest {
  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @Test
  void theSchemaIsKnownWithoutRunningAnything() {
    var piped =
        RustPipe.pipe(
            spark.sql("SELECT 1 AS id, assert_true(false) AS failing, 'x' AS url"),
            Map.of("table", "entries", "keep", "id AS number"));

    assertEquals("number", piped.columns()[0]);
    assertTrue(List.of(piped.columns()).containsAll(List.of("path", "error_code")));
    assertFalse(List.of(piped.columns()).contains("url"));
  }

  @Test
  void aDataFrameOfASparkConnectClientIsRefusedWithTheWayOut() {
    var connect = new ConnectDataset(spark.sql("SELECT 'x' AS url"));

    var error =
        assertThrows(UnsupportedOperationException.class, () -> RustPipe.pipe(connect, Map.of()));

    assertTrue(error.getMessage().contains("Spark Connect client"), error.getMessage());
    assertTrue(error.getMessage().contains("format(\"rustpipe\")"), error.getMessage());
  }

  @Test
  @SuppressWarnings("unchecked")
  void optionsFromPythonMayBeNumbers() {
    var options = (Map<String, String>) (Map<?, ?>) Map.of("concurrency", 4096);

    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> RustPipe.pipe(spark.sql("SELECT 'x' AS url"), options));

    assertTrue(error.getMessage().contains("'concurrency' is '4096'"), error.getMessage());
  }

  @Test
  void theActiveSessionStaysActive() {
    var other = spark.newSession();

    RustPipe.pipe(other.sql("SELECT 'x' AS url"), Map.of());

    assertEquals(spark, SparkSession.active());
  }
}
