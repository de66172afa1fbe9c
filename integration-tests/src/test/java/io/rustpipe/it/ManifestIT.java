package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a manifest may look like and where it may be. Nothing here fetches: only URLs are asked for.
 */
class ManifestIT {
  @TempDir Path folder;

  @Test
  void textManifestIsOneUrlPerLine() throws IOException {
    Path manifest = write("urls.txt", "http://a/1\nhttp://a/2\n");

    assertEquals(List.of("http://a/1", "http://a/2"), urls(TestSpark.fetches(manifest)));
  }

  @Test
  void commentsAndBlankLinesAreNoInputs() throws IOException {
    Path manifest =
        write("urls.txt", "# mirrors\n\n   \n  http://a/1  \r\n\t# http://a/2\nhttp://a/3");

    assertEquals(List.of("http://a/1", "http://a/3"), urls(TestSpark.fetches(manifest)));
  }

  @Test
  void jsonManifestHasItsUrlsInTheUrlColumn() throws IOException {
    Path manifest = write("urls.jsonl", "{\"url\":\"http://a/1\"}\n{\"url\":\"http://a/2\"}\n");

    assertEquals(List.of("http://a/1", "http://a/2"), urls(TestSpark.fetches(manifest)));
  }

  @Test
  void urlColumnNamesAnotherColumnAndShowsAsUrl() throws IOException {
    Path manifest = write("urls.json", "{\"link\":\"http://a/1\",\"n\":1}\n");

    var fetches = TestSpark.table("fetches").option("urlColumn", "link").load(manifest.toString());

    assertEquals(List.of("http://a/1"), urls(fetches));
  }

  @Test
  void missingUrlColumnNamesTheNearest() throws IOException {
    Path manifest = write("urls.json", "{\"link\":\"http://a/1\"}\n");

    assertFailsNaming(
        () -> TestSpark.table("fetches").option("urlColumn", "lnk").load(manifest.toString()),
        "lnk",
        "link");
  }

  @Test
  void manifestFormatOverrulesTheName() throws IOException {
    Path manifest = write("urls.list", "{\"url\":\"http://a/1\"}\n");

    var fetches =
        TestSpark.table("fetches").option("manifestFormat", "json").load(manifest.toString());

    assertEquals(List.of("http://a/1"), urls(fetches));
  }

  @Test
  void loadTakesSeveralPaths() throws IOException {
    Path first = write("a.txt", "http://a/1\n");
    Path second = write("b.txt", "http://b/1\n");

    var fetches = TestSpark.table("fetches").load(first.toString(), second.toString());

    assertEquals(List.of("http://a/1", "http://b/1"), urls(fetches));
  }

  @Test
  void pathOptionIsAsGoodAsAnArgumentOfLoad() throws IOException {
    Path manifest = write("urls.txt", "http://a/1\n");

    var fetches = TestSpark.table("fetches").option("path", manifest.toString()).load();

    assertEquals(List.of("http://a/1"), urls(fetches));
  }

  @Test
  void pathMayBeAGlob() throws IOException {
    write("a-1.txt", "http://a/1\n");
    write("a-2.txt", "http://a/2\n");
    write("b-1.txt", "http://b/1\n");

    var fetches = TestSpark.table("fetches").load(folder + "/a-*.txt");

    assertEquals(List.of("http://a/1", "http://a/2"), urls(fetches));
  }

  @Test
  void pathMayBeAFolder() throws IOException {
    write("a.txt", "http://a/1\n");
    write("b.txt", "http://b/1\n");

    assertEquals(List.of("http://a/1", "http://b/1"), urls(TestSpark.fetches(folder)));
  }

  @Test
  void pathGlobFilterPicksFilesOfAFolder() throws IOException {
    write("a.txt", "http://a/1\n");
    write("b.log", "http://b/1\n");

    var fetches =
        TestSpark.table("fetches").option("pathGlobFilter", "*.txt").load(folder.toString());

    assertEquals(List.of("http://a/1"), urls(fetches));
  }

  @Test
  void recursiveFileLookupDescends() throws IOException {
    Files.createDirectories(folder.resolve("x/y"));
    write("x/y/a.txt", "http://a/1\n");

    var fetches =
        TestSpark.table("fetches").option("recursiveFileLookup", true).load(folder.toString());

    assertEquals(List.of("http://a/1"), urls(fetches));
  }

  @Test
  void noPathIsAnErrorThatSaysSo() {
    assertFailsNaming(
        () -> TestSpark.table("fetches").load(), "no manifest given", "option 'path'");
  }

  @Test
  void pathWithoutAFileIsAnErrorThatNamesIt() {
    assertFailsNaming(() -> TestSpark.fetches(folder.resolve("absent.txt")).count(), "absent.txt");
  }

  @Test
  void emptyManifestGivesEmptyTables() throws IOException {
    Path manifest = write("urls.txt", "");

    assertEquals(0, TestSpark.fetches(manifest).count());
    assertEquals(List.of(), TestSpark.entries(manifest).collectAsList());
  }

  @Test
  void manifestOfCommentsAloneGivesEmptyTables() throws IOException {
    Path manifest = write("urls.txt", "# nothing yet\n\n");

    assertEquals(0, TestSpark.fetches(manifest).count());
    assertEquals(List.of(), TestSpark.entries(manifest).collectAsList());
  }

  @Test
  void everyBadLineIsARowThatSaysWhatIsWrong() throws IOException {
    Path manifest = write("urls.txt", "not a url\nhttp://\nftp://a/1\n");

    List<Row> rows =
        TestSpark.fetches(manifest)
            .orderBy("url")
            .select("url", "status", "error_code", "http_status")
            .collectAsList();

    assertEquals(
        List.of(
            "[ftp://a/1,FAILED,BAD_SCHEME,null]",
            "[http://,FAILED,BAD_URL,null]",
            "[not a url,FAILED,BAD_URL,null]"),
        rows.stream().map(Row::toString).toList());
  }

  @Test
  void badLinesAreErrorRowsInEntriesToo() throws IOException {
    Path manifest = write("urls.txt", "not a url\nhttp://\nftp://a/1\n");

    List<Row> rows =
        TestSpark.entries(manifest)
            .orderBy("url")
            .select("url", "path", "error_code")
            .collectAsList();

    assertEquals(
        List.of(
            "[ftp://a/1,null,BAD_SCHEME]", "[http://,null,BAD_URL]", "[not a url,null,BAD_URL]"),
        rows.stream().map(Row::toString).toList());
  }

  @Test
  void rowWithoutAUrlIsABadUrlAndKeepsItsColumns() throws IOException {
    Path manifest = write("urls.json", "{\"url\":null,\"id\":1}\n{\"id\":2}\n");

    List<Row> rows =
        TestSpark.table("fetches")
            .option("keep", "id")
            .load(manifest.toString())
            .orderBy("id")
            .select("url", "id", "error_code")
            .collectAsList();

    assertEquals(
        List.of("[null,1,BAD_URL]", "[null,2,BAD_URL]"), rows.stream().map(Row::toString).toList());
  }

  @Test
  void keepsNoColumnsIfAskedNotTo() throws IOException {
    Path manifest = write("urls.json", "{\"url\":\"http://a/1\",\"id\":1,\"name\":\"x\"}\n");

    for (String keep : List.of("none", "")) {
      var entries = TestSpark.table("entries").option("keep", keep).load(manifest.toString());
      var columns = List.of(entries.columns());

      assertEquals(
          List.of(false, false), List.of(columns.contains("id"), columns.contains("name")));
    }
  }

  @Test
  void keepsAllColumnsUnlessAsked() throws IOException {
    Path manifest = write("urls.json", "{\"url\":\"http://a/1\",\"id\":1,\"name\":\"x\"}\n");

    assertEquals(
        "[http://a/1,1,x]",
        TestSpark.entries(manifest).select("url", "id", "name").first().toString());
  }

  @Test
  void keepStarKeepsAllColumns() throws IOException {
    assertEquals("[http://a/1,7,x]", kept("*", "url", "id", "name"));
  }

  @Test
  void keepNamesColumnsAndRenamesThem() throws IOException {
    assertEquals("[http://a/1,x,7]", kept("name, id AS number", "url", "name", "number"));
  }

  @Test
  void keepTakesQuotedNames() throws IOException {
    assertEquals("[odd]", kept("`odd name` AS `an odd, name`", "`an odd, name`"));
  }

  @Test
  void keptColumnMayBeNested() throws IOException {
    assertEquals("[1,[2,3]]", kept("nested", "nested.a", "to_json(nested.b)"));
  }

  @Test
  void keptColumnThatIsNotThereIsAnErrorWithTheNearestName() {
    assertFailsNaming(() -> kept("nmae", "url"), "nmae", "did you mean 'name'");
  }

  @Test
  void keptColumnThatClashesIsAnErrorThatShowsTheCure() throws IOException {
    Path manifest = write("clash.json", "{\"url\":\"http://a/1\",\"status\":\"new\"}\n");

    assertFailsNaming(
        () -> TestSpark.table("fetches").option("keep", "*").load(manifest.toString()),
        "status",
        "status AS ");
  }

  @Test
  void unknownOptionIsAnErrorWithTheNearestName() {
    assertFailsNaming(
        () -> TestSpark.table("fetches").option("urlColum", "x").load("absent.txt"),
        "unknown option 'urlColum'",
        "did you mean 'urlColumn'");
  }

  @Test
  void badValueOfAnOptionIsAnErrorThatNamesBoth() {
    assertFailsNaming(
        () -> TestSpark.table("fetches").option("partitions", "many").load("absent.txt"),
        "partitions",
        "many");
  }

  @Test
  void unknownTableIsAnErrorThatListsTheTables() throws IOException {
    Path manifest = write("urls.txt", "http://a/1\n");

    assertFailsNaming(
        () -> TestSpark.table("entrys").load(manifest.toString()), "entrys", "entries", "fetches");
  }

  @Test
  void sessionConfigurationGivesDefaults() throws IOException {
    Path manifest = write("urls.txt", "http://a/1\n");
    SparkSession session = TestSpark.session().newSession();
    session.conf().set("spark.datasource.rustpipe.table", "entries");

    var byDefault = session.read().format("rustpipe").load(manifest.toString());
    var byOption =
        session.read().format("rustpipe").option("table", "fetches").load(manifest.toString());

    assertEquals(true, List.of(byDefault.columns()).contains("entry_type"));
    assertEquals(true, List.of(byOption.columns()).contains("http_status"));
  }

  @Test
  void unknownSessionConfigurationIsAnErrorToo() throws IOException {
    Path manifest = write("urls.txt", "http://a/1\n");
    SparkSession session = TestSpark.session().newSession();
    session.conf().set("spark.datasource.rustpipe.tabel", "entries");

    assertFailsNaming(
        () -> session.read().format("rustpipe").load(manifest.toString()),
        "tabel",
        "did you mean 'table'");
  }

  /** Reads one JSON line with all kinds of columns and shows the row of the expressions. */
  private String kept(String keep, String... expressions) throws IOException {
    Path manifest =
        write(
            "kept.json",
            """
            {"url":"http://a/1","id":7,"name":"x","odd name":"odd","nested":{"a":1,"b":[2,3]}}
            """);
    return TestSpark.table("fetches")
        .option("keep", keep)
        .load(manifest.toString())
        .selectExpr(expressions)
        .first()
        .toString();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> urls(Dataset<Row> rows) {
    return rows.select("url").orderBy("url").as(Encoders.STRING()).collectAsList();
  }
}
