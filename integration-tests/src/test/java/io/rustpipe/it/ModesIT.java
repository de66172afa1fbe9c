package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an archive that breaks at entry 500, in each mode. */
class ModesIT {
  private static final int WHOLE_FILES = 499;

  @TempDir Path folder;
  private TestServer server;
  private String broken;
  private Path manifest;

  @BeforeEach
  void serveABrokenArchive() throws IOException {
    server = TestServer.start();
    broken =
        server.serve("/broken.tar.gz", TestServer.body(Archives.tarGzBrokenAt(1_000, WHOLE_FILES)));
    String whole = server.serve("/whole.tar.gz", TestServer.body(Archives.tarGz(3)));
    manifest = Files.writeString(folder.resolve("urls.txt"), broken + "\n" + whole + "\n");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void permissiveIsTheDefaultAndShowsTheRowsAndThenWhyThereAreNoMore() {
    List<Row> rows =
        TestSpark.entries(manifest).where("url LIKE '%/broken.tar.gz'").collectAsList();

    assertEquals(WHOLE_FILES + 1, rows.size());
    for (int i = 0; i < WHOLE_FILES; i++) {
      assertEquals("d/" + i, rows.get(i).getAs("path"));
      assertNull(rows.get(i).getAs("error_code"));
    }
    Row last = rows.get(WHOLE_FILES);
    assertEquals(broken, last.getAs("url"));
    assertEquals("BAD_TAR", last.getAs("error_code"));
    assertTrue(last.<String>getAs("error_message").contains("499"), last::toString);
    assertNull(last.getAs("path"));
    assertNull(last.getAs("size"));
  }

  @Test
  void contentsOfTheRowsBeforeTheBreakAreWhole() {
    List<Row> rows =
        TestSpark.entries(manifest)
            .where("url LIKE '%/broken.tar.gz' AND sha256 IS NOT NULL")
            .groupBy("sha256")
            .count()
            .collectAsList();

    assertEquals(26, rows.size());
    assertEquals(WHOLE_FILES, rows.stream().mapToLong(row -> row.getLong(1)).sum());
  }

  @Test
  void dropMalformedDropsTheErrorRowAlone() {
    Dataset<Row> entries =
        TestSpark.table("entries").option("mode", "dropmalformed").load(manifest.toString());

    assertEquals(WHOLE_FILES + 3, entries.count());
    assertEquals(0, entries.where("error_code IS NOT NULL").count());
  }

  @Test
  void failFastFailsTheQueryWithUrlAndCode() {
    Dataset<Row> entries =
        TestSpark.table("entries").option("mode", "FAILFAST").load(manifest.toString());

    assertFailsNaming(entries::collectAsList, broken, "BAD_TAR");
  }

  @Test
  void failFastFailsACountAsWell() {
    Dataset<Row> entries =
        TestSpark.table("entries").option("mode", "FAILFAST").load(manifest.toString());

    assertFailsNaming(entries::count, broken, "BAD_TAR");
  }

  @Test
  void failFastWithoutAFailureIsThePlainTable() throws IOException {
    Path whole = Files.writeString(folder.resolve("whole.txt"), server.url("/whole.tar.gz"));

    assertEquals(
        3, TestSpark.table("entries").option("mode", "FAILFAST").load(whole.toString()).count());
  }

  @Test
  void fetchesHasItsRowInEveryMode() {
    for (String mode : List.of("PERMISSIVE", "DROPMALFORMED", "FAILFAST")) {
      List<Row> rows =
          TestSpark.table("fetches")
              .option("mode", mode)
              .load(manifest.toString())
              .orderBy("url")
              .select("status", "error_code", "entry_count")
              .collectAsList();

      assertEquals(
          List.of("[PARTIALLY_SUCCEEDED,BAD_TAR,499]", "[SUCCEEDED,null,3]"),
          rows.stream().map(Row::toString).toList(),
          mode);
    }
  }

  @Test
  void unknownModeIsAnErrorThatListsTheModes() {
    assertFailsNaming(
        () -> TestSpark.table("entries").option("mode", "LENIENT").load(manifest.toString()),
        "LENIENT",
        "PERMISSIVE",
        "DROPMALFORMED",
        "FAILFAST");
  }
}
