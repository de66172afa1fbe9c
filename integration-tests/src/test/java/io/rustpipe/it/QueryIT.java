package io.rustpipe.it;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shapes of queries that ask a source for different things: columns, counts, limits, joins. */
class QueryIT {
  private static final int FILES = 20;

  @TempDir Path folder;
  private TestServer server;
  private Path manifest;

  @BeforeEach
  void serveTwoArchivesAndAMissingFile() throws IOException {
    server = TestServer.start();
    byte[] archive = Archives.tarGz(FILES);
    String line = "{\"url\":\"%s\",\"id\":%d}%n";
    manifest =
        Files.writeString(
            folder.resolve("manifest.jsonl"),
            line.formatted(server.serve("/a.tar.gz", TestServer.body(archive)), 1)
                + line.formatted(server.serve("/b.tar.gz", TestServer.body(archive)), 2)
                + line.formatted(server.url("/missing.tar.gz"), 3));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void countOfFetchesIsTheNumberOfUrlsAndFetchesNone() {
    assertEquals(3, TestSpark.fetches(manifest).count());
    assertEquals(0, server.requests());
  }

  @Test
  void countOfEntriesCountsErrorRowsToo() {
    assertEquals(2 * FILES + 1, TestSpark.entries(manifest).count());
  }

  @Test
  void countAgreesWithTheRowsOfOneColumn() {
    Dataset<Row> entries = TestSpark.entries(manifest);

    assertEquals(entries.count(), entries.select("path").collectAsList().size());
  }

  @Test
  void oneColumnInTheMiddleIsThatColumn() {
    List<Row> sizes =
        TestSpark.entries(manifest)
            .where("error_code IS NULL")
            .select("size")
            .distinct()
            .collectAsList();

    assertEquals(List.of("[512]"), sizes.stream().map(Row::toString).toList());
  }

  @Test
  void columnsComeInTheOrderOfTheSelection() {
    Row row =
        TestSpark.entries(manifest)
            .select("size", "entry_type", "path", "entry_index")
            .where("path = 'd/7'")
            .first();

    assertEquals("[512,REGULAR,d/7,7]", row.toString());
  }

  @Test
  void headOfTheAnswerNeedsOneRequestForEachUrl() {
    List<Row> rows = TestSpark.fetches(manifest).select("http_status").collectAsList();

    assertEquals(
        List.of("[200]", "[200]", "[404]"), rows.stream().map(Row::toString).sorted().toList());
    assertEquals(3, server.requests());
  }

  @Test
  void limitGivesThatManyRows() {
    assertEquals(5, TestSpark.entries(manifest).limit(5).collectAsList().size());
    assertEquals(1, TestSpark.entries(manifest).takeAsList(1).size());
    assertEquals(2 * FILES + 1, TestSpark.entries(manifest).limit(1_000).collectAsList().size());
  }

  @Test
  void limitOverPartitionsOfDifferentSizesIsExact() {
    var entries = TestSpark.table("entries").option("partitions", 3).load(manifest.toString());

    assertEquals(FILES + 2, entries.limit(FILES + 2).count());
  }

  @Test
  void filterIsEvaluatedExactly() {
    assertEquals(2, TestSpark.entries(manifest).where("path = 'd/3'").count());
    assertEquals(1, TestSpark.entries(manifest).where("error_code = 'HTTP_STATUS'").count());
    assertEquals(FILES, TestSpark.entries(manifest).where("url LIKE '%/a.tar.gz'").count());
  }

  @Test
  void temporaryViewIsCreatedAndQueriedInSql() {
    SparkSession spark = TestSpark.session().newSession();
    spark.sql(
        """
        CREATE TEMPORARY VIEW archive_entries USING rustpipe
        OPTIONS (path '%s', table 'entries', keep 'id AS archive', allowedNetworks '127.0.0.0/8')
        """
            .formatted(manifest));

    Row row =
        spark
            .sql(
                """
                SELECT count(path), sum(size), count(DISTINCT archive), max(error_code)
                FROM archive_entries
                """)
            .first();

    assertEquals("[40,20480,3,HTTP_STATUS]", row.toString());
  }

  @Test
  void keptColumnJoinsWithAnotherTable() {
    SparkSession spark = TestSpark.session();
    Dataset<Row> names = spark.sql("SELECT * FROM VALUES (1, 'one'), (2, 'two') AS t(id, name)");

    List<Row> rows =
        TestSpark.table("entries")
            .option("keep", "id")
            .load(manifest.toString())
            .join(names, "id")
            .groupBy("name")
            .count()
            .orderBy("name")
            .collectAsList();

    assertEquals(List.of("[one,20]", "[two,20]"), rows.stream().map(Row::toString).toList());
  }

  @Test
  void tableJoinsWithItself() {
    Dataset<Row> entries = TestSpark.entries(manifest).where("path IS NOT NULL");

    assertEquals(
        2 * FILES,
        entries
            .as("l")
            .join(entries.as("r"), col("l.path").equalTo(col("r.path")), "leftsemi")
            .count());
  }

  @Test
  void everyActionFetchesAnewAndSeesTheSame() {
    // Bytes have no text of their own.
    Dataset<Row> entries = TestSpark.entries(manifest).withColumn("content", hex(col("content")));

    assertEquals(sorted(entries.collectAsList()), sorted(entries.collectAsList()));
    assertEquals(2, server.requests("/a.tar.gz"));
  }

  @Test
  void fetchesAndEntriesTellTheSameOfAnArchive() {
    Row fetched =
        TestSpark.fetches(manifest)
            .where("url LIKE '%/a.tar.gz'")
            .select("status", "archive_format", "entry_count", "file_count", "sha256")
            .first();

    assertEquals(
        "[SUCCEEDED,tar+gzip,20,20,%s]".formatted(GnuTar.sha256(Archives.tarGz(FILES))),
        fetched.toString());
  }

  /** Sorted here: Spark's own sort runs a scan twice, to see how the rows are spread first. */
  private static List<String> sorted(List<Row> rows) {
    return rows.stream().map(Row::toString).sorted().toList();
  }
}
