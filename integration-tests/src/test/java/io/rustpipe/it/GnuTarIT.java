package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.quickstart.Corpus;
import io.rustpipe.quickstart.CorpusServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both tables say of real archives what GNU tar, the JDK and the lock file say of them. */
class GnuTarIT {
  @TempDir Path folder;
  private CorpusServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = CorpusServer.start();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void everyTarballOfTheCorpusIsReadAsGnuTarReadsIt() throws IOException {
    List<Corpus.Tarball> tarballs = corpus().all();
    assertTrue(tarballs.size() > 200, () -> tarballs.size() + " tarballs");
    var files = new HashMap<String, Path>();
    for (Corpus.Tarball tarball : tarballs) {
      files.put(server.serve("/" + tarball.name(), tarball.file()), tarball.file());
    }

    assertReadAsGnuTarReadsThem(files);
  }

  @Test
  void digestsOfCratesAreThoseOfTheLockFile() throws IOException {
    var published = new HashMap<String, String>();
    for (Corpus.Tarball crate : corpus().crates()) {
      published.put(server.serve("/" + crate.name(), crate.file()), crate.publishedSha256());
    }

    var fetched = new HashMap<String, String>();
    for (Row row : TestSpark.fetches(manifest(published)).select("url", "sha256").collectAsList()) {
      assertNull(fetched.put(row.getString(0), row.getString(1)), row.getString(0));
    }

    assertEquals(published, fetched);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "posix"})
  void everyFormatOfGnuTarIsReadAsGnuTarReadsIt(String format) throws IOException {
    Path archive = folder.resolve("archive.tar.gz");
    GnuTar.create(oddities(format), archive, format);

    assertReadAsGnuTarReadsThem(Map.of(server.serve("/archive.tar.gz", archive), archive));
  }

  private static Corpus corpus() throws IOException {
    return Corpus.find(
        Path.of(System.getProperty("rustpipe.root")),
        Path.of(System.getProperty("rustpipe.distributions")));
  }

  /** A folder with a file of each kind that the format can hold. */
  private Path oddities(String format) throws IOException {
    Path tree = Files.createDirectories(folder.resolve("tree"));
    Path plain = Files.writeString(tree.resolve("plain.txt"), "hello\n");
    Files.createLink(tree.resolve("z-hard-link"), plain);
    Files.createSymbolicLink(tree.resolve("symbolic -> link"), Path.of("plain.txt"));
    Files.createDirectories(tree.resolve("empty folder"));
    Files.write(tree.resolve("empty file"), new byte[0]);
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    Files.write(tree.resolve("large"), noise);
    Files.writeString(tree.resolve("quo\"te\\n\ttab"), "odd");
    Files.writeString(tree.resolve("ünï-\u6f22\u5b57"), "unicode");
    Files.writeString(tree.resolve("x".repeat(90)), "as long as v7 can");
    if (!format.equals("v7")) {
      Path deep = Files.createDirectories(tree.resolve("d".repeat(80)).resolve("e".repeat(60)));
      Files.writeString(deep.resolve("prefix and name"), "140 bytes and some");
    }
    if (!format.equals("v7") && !format.equals("ustar")) {
      Files.writeString(tree.resolve("n".repeat(250)), "long name");
      Files.createSymbolicLink(tree.resolve("far"), Path.of("t/".repeat(120) + "target"));
      writeAt(tree.resolve("before 1970"), "1955-11-05T06:15:00Z");
      writeAt(tree.resolve("fraction"), "2001-09-09T01:46:40.123456Z");
    }
    Path script = Files.writeString(tree.resolve("script"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setAttribute(script, "unix:mode", 06751);
    return tree;
  }

  private static void writeAt(Path file, String time) throws IOException {
    Files.writeString(file, time);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
  }

  private void assertReadAsGnuTarReadsThem(Map<String, Path> files) throws IOException {
    Path manifest = manifest(files);
    Map<String, Read> read = entries(manifest);
    Map<String, Row> fetched = new HashMap<>();
    for (Row row : TestSpark.fetches(manifest).collectAsList()) {
      assertNull(fetched.put(row.getAs("url"), row), row.<String>getAs("url"));
    }
    assertEquals(files.keySet(), fetched.keySet());

    for (Map.Entry<String, Path> file : files.entrySet()) {
      String name = file.getValue().toString();
      Row fetch = fetched.get(file.getKey());
      List<GnuTar.Entry> listed = GnuTar.entries(file.getValue());
      byte[] body = Files.readAllBytes(file.getValue());
      Read ofFile = read.getOrDefault(file.getKey(), new Read());

      assertEquals(listed, ofFile.entries, name);
      assertEquals("SUCCEEDED", fetch.getAs("status"), fetch::toString);
      assertEquals(GnuTar.sha256(body), fetch.getAs("sha256"), name);
      assertEquals(body.length, fetch.<Long>getAs("bytes_downloaded"), name);
      assertEquals(ofFile.rows, fetch.<Long>getAs("entry_count"), name);
      assertEquals(ofFile.files, fetch.<Long>getAs("file_count"), name);
    }
  }

  /** What {@code entries} says of one archive. GNU tar doesn't look into archives in it. */
  private static final class Read {
    final List<GnuTar.Entry> entries = new ArrayList<>();
    long lastIndex = -1;
    long rows;
    long files;
  }

  /** The rows of {@code entries} by URL, each with its place checked. */
  private static Map<String, Read> entries(Path manifest) {
    var byUrl = new HashMap<String, Read>();
    List<Row> rows =
        TestSpark.entries(manifest)
            .selectExpr(
                "url",
                "entry_index",
                "depth",
                "path",
                "entry_type",
                "size",
                "mode",
                "unix_micros(mtime) AS mtime_micros",
                "link_target",
                "sha256",
                "error_code",
                "error_message")
            .collectAsList();
    for (Row row : rows) {
      assertNull(row.getAs("error_code"), row::toString);
      Read read = byUrl.computeIfAbsent(row.getAs("url"), url -> new Read());
      read.rows++;
      if (row.getAs("entry_type").equals("REGULAR")) {
        read.files++;
      }
      if (row.<Integer>getAs("depth") == 0) {
        long index = row.getAs("entry_index");
        assertTrue(index > read.lastIndex, row::toString);
        read.lastIndex = index;
        read.entries.add(
            new GnuTar.Entry(
                row.getAs("path"),
                row.getAs("entry_type"),
                row.<Long>getAs("size"),
                row.getAs("mode"),
                row.<Long>getAs("mtime_micros"),
                row.getAs("link_target"),
                row.getAs("sha256")));
      }
    }
    return byUrl;
  }

  private Path manifest(Map<String, ?> byUrl) throws IOException {
    return Files.write(folder.resolve("urls.txt"), byUrl.keySet());
  }
}
