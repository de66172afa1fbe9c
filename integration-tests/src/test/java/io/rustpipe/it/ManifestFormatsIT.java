package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Manifests in every format that Spark's file sources read, and results as manifests. */
class ManifestFormatsIT {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"json", "parquet", "orc"})
  void whatSparkHasWrittenIsAManifest(String format) {
    everyType().write().format(format).save(path("urls"));

    Dataset<Row> fetches = TestSpark.table("fetches").load(path("urls"));

    assertEquals(
        List.of("[http://a/1,1,2.50,2026-01-01,true,x,[1,2],{\"k\":7}]"),
        show(
            fetches.selectExpr(
                "url",
                "id",
                "CAST(price AS DECIMAL(10,2))",
                "CAST(day AS DATE)",
                "ok",
                "meta.tag",
                "to_json(list)",
                "to_json(map)")));
  }

  @Test
  void csvWithHeaderQuotesAndCommas() throws IOException {
    write("urls.csv", "name,url\n\"a, \"\"b\"\"\",http://a/1\n".replace("\"\"b\"\"", "\\\"b\\\""));

    assertEquals(
        List.of("[http://a/1,a, \"b\"]"),
        show(TestSpark.table("fetches").load(path("urls.csv")).select("url", "name")));
  }

  @Test
  void csvWithoutHeaderAndWithAnotherDelimiter() throws IOException {
    write("urls.csv", "1;http://a/1\n2;http://a/2\n");

    Dataset<Row> fetches =
        TestSpark.table("fetches")
            .option("manifest.header", false)
            .option("manifest.delimiter", ";")
            .option("urlColumn", "_c1")
            .option("manifestSchema", "_c0 INT, _c1 STRING")
            .load(path("urls.csv"));

    assertEquals(List.of("[1,http://a/1]", "[2,http://a/2]"), show(fetches.select("_c0", "url")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urls.txt.zst   | 'http://a/1\nhttp://a/2\n'",
        "urls.jsonl.zst | '{\"url\":\"http://a/1\"}\n{\"url\":\"http://a/2\"}\n'",
        "urls.csv.zst   | 'url,n\nhttp://a/1,1\nhttp://a/2,2\n'",
        "urls.tsv.zst   | 'url\tn\nhttp://a/1\t1\nhttp://a/2\t2\n'",
      })
  void zstandardIsReadWithoutANativeHadoop(String name, String text) throws IOException {
    Files.write(folder.resolve(name), zstd(text));

    assertEquals(List.of("http://a/1", "http://a/2"), urls(TestSpark.fetches(folder)));
  }

  @Test
  void cutOffZstandardIsAnErrorThatNamesTheFile() throws IOException {
    byte[] whole = zstd("http://a/1\n");
    byte[] twoFrames = Arrays.copyOf(whole, 2 * whole.length - 3);
    System.arraycopy(whole, 0, twoFrames, whole.length, whole.length - 3);
    Files.write(folder.resolve("urls.zst"), twoFrames);

    assertFailsNaming(
        () -> urls(TestSpark.fetches(folder)), "the zstd file ends within a frame: it is cut off");
    assertFailsNaming(() -> urls(TestSpark.fetches(folder)), "urls.zst");
  }

  @Test
  void foldersNamedAfterValuesAreColumns() throws IOException {
    everyType().selectExpr("url", "7 AS day").write().partitionBy("day").parquet(path("days"));
    everyType()
        .selectExpr("'http://a/2' AS url", "8 AS day")
        .write()
        .mode("append")
        .partitionBy("day")
        .parquet(path("days"));

    assertEquals(
        List.of("[http://a/2,8]"),
        show(TestSpark.fetches(folder.resolve("days")).where("day = 8").select("url", "day")));
    assertEquals(List.of("http://a/1"), urls(TestSpark.table("fetches").load(path("days/day=7"))));
  }

  @Test
  void damagedParquetIsAnErrorBeforeAnyTask() throws IOException {
    write("urls.parquet", "not Parquet at all, by no means");

    assertFailsNaming(
        () -> TestSpark.table("fetches").load(path("urls.parquet")),
        "can't find out the columns of the manifest",
        "urls.parquet is not a Parquet file");
  }

  @Test
  void badDdlIsAnErrorThatShowsIt() throws IOException {
    write("urls.json", "{}");

    assertFailsNaming(
        () ->
            TestSpark.table("fetches")
                .option("manifestSchema", "url STRNG")
                .load(path("urls.json")),
        "option 'manifestSchema' is 'url STRNG'; expected columns as DDL");
  }

  // A result is a manifest

  @ParameterizedTest
  @ValueSource(strings = {"fetches", "entries"})
  void resultIsAGoodManifestForASecondRun(String table) throws IOException {
    try (TestServer server = TestServer.start()) {
      byte[] archive = Archives.tarGz(2);
      write(
          "urls.jsonl",
          "{\"url\":\"%s\",\"id\":1}%n{\"url\":\"%s\",\"id\":2}%n"
              .formatted(
                  server.serve("/good.tar.gz", TestServer.body(archive)),
                  server.url("/late.tar.gz")));
      TestSpark.table(table).load(path("urls.jsonl")).write().parquet(path("first"));
      server.serve("/late.tar.gz", TestServer.body(archive));
      Dataset<Row> failed =
          TestSpark.session().read().parquet(path("first")).where("error_code IS NOT NULL");
      failed.write().parquet(path("failed"));
      assertEquals(List.of("[HTTP_STATUS,2]"), show(failed.select("error_code", "id")));

      Dataset<Row> second = TestSpark.table(table).load(path("failed"));
      second.write().parquet(path("second"));

      Dataset<Row> read = TestSpark.session().read().parquet(path("second"));
      assertEquals(List.of(failed.columns()).stream().sorted().toList(), sortedColumns(read));
      assertEquals(List.of("[null,2]"), show(read.select("error_code", "id").distinct()));
      assertEquals(1, server.requests("/good.tar.gz"));
      assertFailsNaming(
          () -> TestSpark.table(table).option("keep", "*").load(path("failed")),
          "the table '" + table + "' has a column of that name",
          " AS manifest_");
    }
  }

  @Test
  void resultOfFetchesIsAManifestForEntries() throws IOException {
    try (TestServer server = TestServer.start()) {
      String url = server.serve("/a.tar.gz", TestServer.body(Archives.tarGz(2)));
      write("urls.txt", url);
      TestSpark.fetches(folder.resolve("urls.txt")).write().orc(path("first"));

      Dataset<Row> entries = TestSpark.table("entries").load(path("first"));

      assertEquals(
          List.of("[SUCCEEDED,d/0,null]", "[SUCCEEDED,d/1,null]"),
          show(entries.select("status", "path", "error_code")));
    }
  }

  private static List<String> sortedColumns(Dataset<Row> rows) {
    return List.of(rows.columns()).stream().sorted().toList();
  }

  private static Dataset<Row> everyType() {
    return TestSpark.session()
        .sql(
            """
            SELECT 'http://a/1' AS url, 1L AS id, 2.50BD AS price, DATE'2026-01-01' AS day,
              true AS ok, struct('x' AS tag) AS meta, array(1L, 2L) AS list, map('k', 7L) AS map
            """);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static byte[] zstd(String text) {
    return Zstd.compress(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> show(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  private static List<String> urls(Dataset<Row> rows) {
    return rows.select("url").as(Encoders.STRING()).collectAsList().stream().sorted().toList();
  }
}
