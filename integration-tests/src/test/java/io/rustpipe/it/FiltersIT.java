package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters over columns of the manifest: the server sees no request for what they leave out. */
class FiltersIT {
  private static final int FILES = 3;

  @TempDir static Path valuesFolder;
  @TempDir Path folder;
  private TestServer server;
  private Path manifest;

  @BeforeAll
  static void writeValues() {
    values().write().parquet(valuesFolder.resolve("values").toString());
  }

  @BeforeEach
  void serveSixArchives() throws IOException {
    server = TestServer.start();
    byte[] archive = Archives.tarGz(FILES);
    var lines =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    "{\"url\":\"%s\",\"id\":%d,\"kind\":%s,\"meta\":{\"tag\":\"t%d\"}}"
                        .formatted(
                            server.serve("/" + i + ".tar.gz", TestServer.body(archive)),
                            i,
                            i == 5 ? "null" : i % 2 == 0 ? "\"even\"" : "\"odd\"",
                            i))
            .toList();
    manifest = Files.write(folder.resolve("manifest.jsonl"), lines);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kind = 'odd' AND id < 3",
        "id = 1",
        "id IN (1)",
        "url LIKE '%/1.tar.gz'",
        "url LIKE 'http%' AND url LIKE '%/1.tar%'",
        "meta.tag = 't1'",
        "NOT (kind <=> 'even') AND NOT (id > 1)",
        "kind = 'odd' AND id < 3 AND status = 'SUCCEEDED'",
        "kind = 'odd' AND id < 3 AND rand() < 2",
        "(kind = 'odd' AND id < 3) OR (id = 1 AND status = 'FAILED')",
      })
  void onlyTheUrlThatTheFilterLetsPassIsAskedFor(String filter) {
    assertEquals(List.of("[1,200]"), show(fetches().where(filter).select("id", "http_status")));
    assertEquals(1, server.requests("/1.tar.gz"));
    assertEquals(1, server.requests());
  }

  @Test
  void filterOnAColumnThatIsNotSelectedSavesRequestsToo() {
    Dataset<Row> paths = entries().where("kind = 'odd'").select("path");

    assertEquals(2 * FILES, paths.collectAsList().size());
    assertEquals(2, server.requests());
  }

  @Test
  void countOfTheRestFetchesNothingElse() {
    assertEquals(FILES, entries().where("id = 4").count());
    assertEquals(1, server.requests());
    assertEquals(0, entries().where("id = 40").count());
    assertEquals(1, server.requests());
  }

  @Test
  void filterOnTheWorkersColumnsAloneNeedsEveryRequest() {
    assertEquals(6, fetches().where("status = 'SUCCEEDED' OR id = 40").count());
    assertEquals(6, server.requests());
  }

  @Test
  void limitBehindAFilterIsExact() {
    assertEquals(2, fetches().where("kind = 'even'").limit(2).collectAsList().size());
    assertEquals(3, fetches().where("kind = 'even'").limit(10).collectAsList().size());
    assertEquals(2, entries().where("kind = 'even'").limit(2).count());
    assertEquals(0, server.requests("/1.tar.gz"));
  }

  @Test
  void renamedAndUrlColumnsAreFilteredUnderTheirNewNames() {
    Dataset<Row> renamed =
        TestSpark.table("fetches")
            .option("keep", "kind AS status_wanted, id AS kind")
            .load(manifest.toString())
            .where("kind = 3 AND status_wanted = 'odd'");

    assertEquals(List.of("[3,200]"), show(renamed.select("kind", "http_status")));
    assertEquals(1, server.requests());
  }

  @Test
  void stringsWithACollationAreLeftToSpark() {
    assumeFalse(TestSpark.session().version().startsWith("3."), "collations came with Spark 4");
    Dataset<Row> fetches =
        TestSpark.table("fetches")
            .option("manifestSchema", "url STRING, id INT, kind STRING COLLATE UTF8_LCASE")
            .load(manifest.toString());

    assertEquals(
        List.of("[1,odd]", "[3,odd]"), show(fetches.where("kind = 'ODD'").select("id", "kind")));
    assertEquals(
        List.of("[3,odd]"), show(fetches.where("kind = 'ODD' AND id = 3").select("id", "kind")));
  }

  @Test
  void planShowsWhatIsLeftOut() {
    SparkSession spark = TestSpark.session().newSession();
    TestSpark.table(spark, "fetches").load(manifest.toString()).createOrReplaceTempView("fetched");

    String plan =
        spark
            .sql("EXPLAIN SELECT status FROM fetched WHERE kind = 'odd' AND http_status = 200")
            .first()
            .getString(0);

    assertTrue(plan.contains("skips inputs unless [kind IS NOT NULL AND kind = 'odd']"), plan);
  }

  /** No request is needed for the manifest's own columns: what Spark says of them is the truth. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "d = 'NaN'",
        "d > 1e300",
        "d <> 0",
        "d = 0",
        "d = -0.0D",
        "d IN (0.0D, double('NaN'))",
        "NOT (d < 1)",
        "f = float('NaN') OR f = -0.0F",
        "dec = 1.50",
        "dec BETWEEN 1.2 AND 2",
        "dec IN (1.5, 7)",
        "day = DATE'2026-01-02'",
        "day > DATE'2026-01-01' AND day IS NOT NULL",
        "at >= TIMESTAMP'2026-01-02 00:00:00'",
        "ntz = TIMESTAMP_NTZ'2026-01-02 00:00:00'",
        "ok",
        "NOT ok",
        "ok IS NULL OR NOT ok",
        "ok <=> true",
        "y = 1 OR s = 2",
        "n IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)",
        "n NOT IN (1, 2)",
        "n NOT IN (1, NULL)",
        "n <=> NULL",
        "n + 1 = 2",
        "n = n",
        "n <> day(day)",
        "name > 'b'",
        "name < 'é'",
        "name = 'é '",
        "upper(name) = 'B'",
        "name LIKE 'b%' OR name LIKE '%c' OR name LIKE '%d%'",
        "NOT name LIKE 'b%'",
        "contains(name, deep.name)",
        "startswith(name, '')",
        "deep.name = 'x'",
        "deep IS NULL",
        "deep.name IS NULL",
        "array_contains(list, 'x')",
        "list[0] = 'x'",
        "map['k'] = 1",
        "coalesce(name, 'none') = 'none'",
        "CASE WHEN n = 1 THEN ok ELSE NOT ok END",
        "(n = 1) <> ok",
        "n IN (SELECT 1)",
        "false",
        "true",
        "CAST(NULL AS BOOLEAN)",
        "n = 1 AND NULL",
        "NOT (n = 1 AND NULL)",
      })
  void rowsAreThoseThatSparkFinds(String filter) {
    String path = valuesFolder.resolve("values").toString();
    Dataset<Row> fetches = TestSpark.table("fetches").option("partitions", 1).load(path);

    assertEquals(
        urls(TestSpark.session().read().parquet(path).where(filter)), urls(fetches.where(filter)));
  }

  private static Dataset<Row> values() {
    return TestSpark.session()
        .sql(
            """
            SELECT concat('http://', n, '/', name) AS url, * FROM VALUES
              (1, 'b', double('NaN'), float('NaN'), 1.50BD, DATE'2026-01-02',
                TIMESTAMP'2026-01-02 00:00:00', true, 1Y, 1S, 'x'),
              (2, 'c', -0.0D, -0.0F, 1.20BD, DATE'2026-01-01',
                TIMESTAMP'2026-01-01 00:00:00', false, 2Y, 2S, 'c'),
              (3, 'é', 0.0D, 0.0F, 2.00BD, NULL, NULL, NULL, NULL, NULL, NULL),
              (4, 'é ', 1e301D, 1F, NULL, DATE'1950-01-01', NULL, true, NULL, 2S, '-'),
              (5, '', NULL, NULL, 7BD, NULL, NULL, false, 1Y, NULL, '-')
              AS t(n, name, d, f, dec, day, at, ok, y, s, tag)
            """)
        .selectExpr(
            "*",
            "CAST(at AS TIMESTAMP_NTZ) AS ntz",
            "map('k', n) AS map",
            "array(tag) AS list",
            "IF(tag = '-', NULL, struct(tag AS name)) AS deep");
  }

  private Dataset<Row> fetches() {
    return TestSpark.fetches(manifest);
  }

  private Dataset<Row> entries() {
    return TestSpark.entries(manifest);
  }

  private static List<String> show(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).toList();
  }

  private static List<String> urls(Dataset<Row> rows) {
    return rows.select("url").as(Encoders.STRING()).collectAsList().stream().sorted().toList();
  }
}
