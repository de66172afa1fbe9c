package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query does what its columns need, and no more: Spark's metrics and the server tell. */
class DepthIT {
  private static final int FILES = 20;
  private static final byte[] ARCHIVE = Archives.tarGz(FILES);
  private static final long UNPACKED = Archives.unpackedLength(FILES);
  private static final long CONTENTS = FILES * 512L;

  @TempDir Path folder;
  private TestServer server;
  private Path manifest;

  @BeforeEach
  void serveAnArchive() throws IOException {
    server = TestServer.start();
    manifest =
        Files.writeString(
            folder.resolve("urls.txt"), server.serve("/a.tar.gz", TestServer.body(ARCHIVE)));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void eachColumnCostsWhatItNeeds() {
    assertCosts("fetches", List.of("worker_version"), 0, 0, 0, 0);
    assertCosts("fetches", List.of("http_status", "etag"), 1, 0, 0, 0);
    assertCosts("fetches", List.of("sha256"), 1, ARCHIVE.length, 0, ARCHIVE.length);
    assertCosts("fetches", List.of("status", "entry_count"), 1, ARCHIVE.length, UNPACKED, 0);
    assertCosts("entries", List.of("path", "size"), 1, ARCHIVE.length, UNPACKED, 0);
    assertCosts("entries", List.of("path", "content", "lines"), 1, ARCHIVE.length, UNPACKED, 0);
    assertCosts("entries", List.of("sha256"), 1, ARCHIVE.length, UNPACKED, CONTENTS);
    assertCosts("entries", List.of("sha1", "md5"), 1, ARCHIVE.length, UNPACKED, 2 * CONTENTS);
    assertEquals(7, server.requests("/a.tar.gz"));
  }

  @Test
  void headOfAnEndlessAnswerEndsItsTransfer() throws IOException {
    var sent = new AtomicLong();
    var endless =
        Files.writeString(folder.resolve("endless.txt"), server.serve("/e", endless(sent)));

    assertEquals(
        List.of(200),
        TestSpark.fetches(endless).select("http_status").collectAsList().stream()
            .map(row -> row.getInt(0))
            .toList());
    assertEquals(
        "[SUCCEEDED,null,null]",
        atDepth("fetches", "head", endless)
            .select("status", "sha256", "entry_count")
            .first()
            .toString());
    assertEquals(2, server.requests("/e"));
    // What the kernel takes off the server's hands before it sees the end.
    assertTrue(sent.get() < 64 << 20, () -> sent + " bytes sent");
  }

  @Test
  void depthBoundsWhatIsDoneForColumnsThatNeedMore() {
    Dataset<Row> query =
        atDepth("fetches", "body", manifest)
            .select("status", "sha256", "archive_format", "entry_count");

    assertEquals(
        "[SUCCEEDED,%s,null,null]".formatted(GnuTar.sha256(ARCHIVE)), query.first().toString());
    assertEquals(
        List.of("[d/0,512,null,null]"),
        atDepth("entries", "entries", manifest)
            .select("path", "size", "sha256", "content")
            .where("entry_index = 0")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList());
  }

  @Test
  void entriesWithoutArchivesIsAnErrorAtAnalysis() {
    assertFailsNaming(
        () -> atDepth("entries", "head", manifest), "'entries'", "'depth'", "'head'", "fetches");
    assertEquals(0, server.requests());
  }

  private static Dataset<Row> atDepth(String table, String depth, Path manifest) {
    return TestSpark.table(table).option("depth", depth).load(manifest.toString());
  }

  private void assertCosts(
      String table,
      List<String> columns,
      long requests,
      long downloaded,
      long unpacked,
      long hashed) {
    Dataset<Row> query =
        TestSpark.table(table)
            .load(manifest.toString())
            .select(columns.stream().map(functions::col).toArray(Column[]::new));
    query.collectAsList();

    var metrics = query.queryExecution().executedPlan().collectLeaves().head().metrics();
    assertEquals(
        List.of(requests, downloaded, unpacked, hashed),
        Arrays.asList(
            metrics.apply("requests").value(),
            metrics.apply("bytes_downloaded").value(),
            metrics.apply("uncompressed_bytes").value(),
            metrics.apply("hashed_bytes").value()),
        () -> table + " " + columns);
  }

  /** A body that goes on until the client leaves. */
  private static TestServer.Answer endless(AtomicLong sent) {
    return (Socket connection, int request) -> {
      byte[] piece = new byte[64 << 10];
      TestServer.write(connection, "200 OK", TestServer.length(1L << 40), new byte[0]);
      while (true) {
        connection.getOutputStream().write(piece);
        sent.addAndGet(piece.length);
      }
    };
  }
}
