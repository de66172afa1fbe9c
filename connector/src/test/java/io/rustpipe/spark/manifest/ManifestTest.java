package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestTest extends ManifestFixture {
  // Text

  @Test
  void lineIsTheUrl() throws IOException {
    write("urls.txt", "http://a\nhttp://b");
    assertEquals("url STRING", ddl(open("urls.txt")));
    assertEquals(List.of("http://a", "http://b"), urls(open("urls.txt")));
  }

  @Test
  void blankLinesAndCommentsAreNoInputs() throws IOException {
    write("urls.txt", "# list\n\n  \t \n http://a#part \n\t# http://b\nnot a url\n#\n");
    assertEquals(List.of("http://a#part", "not a url"), urls(open("urls.txt")));
  }

  @Test
  void blankLinesAndCommentsDoNotSkewTheShares() throws IOException {
    write("urls.txt", "http://a\n#\n".repeat(100));
    assertEquals(List.of(25, 25, 25, 25), shares(open("urls.txt"), 4));
  }

  @Test
  void lineEndsOfWindowsAndByteOrderMarkAreNotPartOfTheUrl() throws IOException {
    write("urls.txt", "\uFEFFhttp://a\r\nhttp://b\r\n");
    assertEquals(List.of("http://a", "http://b"), urls(open("urls.txt")));
    gzip("urls.gz", "\uFEFFhttp://a\r\nhttp://b\r\n");
    assertEquals(List.of("http://a", "http://b"), urls(open("urls.gz")));
  }

  @Test
  void keptUrlIsTheTrimmedLine() throws IOException {
    write("urls.txt", "  http://a  ");
    assertEquals(List.of("http://a"), kept(open("urls.txt"), "url"));
    assertEquals(
        List.of("http://a|  http://a  "),
        kept(open("urls.txt", "keep", "value AS line"), "url", "line"));
  }

  @Test
  void urlColumnOfATextManifestIsAnError() throws IOException {
    write("urls.txt", "http://a");
    assertFailure(
        "is text, where the line is the URL, but the option 'urlColumn' is 'link': leave it out, or"
            + " set the option 'manifestFormat' to json, csv, parquet or orc",
        "urls.txt",
        "urlColumn",
        "link");
    assertEquals(List.of("http://a"), urls(open("urls.txt", "urlColumn", "value")));
  }

  // JSON

  @Test
  void urlIsFoundInJson() throws IOException {
    write("urls.jsonl", "{\"size\":1,\"url\":\"http://a\"}\n\n{\"url\":\"http://b\"}\n");
    assertEquals("url STRING,size BIGINT", ddl(open("urls.jsonl")));
    assertEquals(List.of("http://a", "http://b"), urls(open("urls.jsonl")));
  }

  @Test
  void jsonWithByteOrderMarkAndLineEndsOfWindows() throws IOException {
    write("urls.jsonl", "\uFEFF{\"url\":\"http://a\"}\r\n{\"url\":\"http://b\"}\r\n");
    assertEquals(List.of("http://a", "http://b"), urls(open("urls.jsonl")));
  }

  @Test
  void compressedJsonIsRead() throws IOException {
    gzip("urls.json.gz", "{\"url\":\"http://a\",\"n\":7}");
    assertEquals(List.of("http://a|7"), kept(open("urls.json.gz", "keep", "*"), "url", "n"));
  }

  @Test
  void lineWithoutUrlAndLineThatIsNotJsonAreInputs() throws IOException {
    write(
        "urls.json",
        "{\"url\":\"http://a\"}\n{\"url\":null}\n{\"n\":1}\nnonsense\n{\"url\":\"http://b");
    assertEquals(Arrays.asList("http://a", null, null, null, null), urls(open("urls.json")));
  }

  @Test
  void brokenLineCanBeKept() throws IOException {
    write("urls.json", "{\"url\":\"http://a\"}\nnonsense\n");
    assertEquals(
        List.of("http://a|null", "null|nonsense"),
        kept(open("urls.json", "keep", "*"), "url", "_corrupt_record"));
  }

  @Test
  void textReadAsJsonIsAnErrorThatSaysSo() throws IOException {
    write("urls.txt", "http://a");
    assertFailure(
        "is a JSON object; if it has one URL a line, set the option 'manifestFormat' to text",
        "urls.txt",
        "manifestFormat",
        "json");
  }

  @Test
  void nestedColumnsAreKeptWhole() throws IOException {
    write(
        "urls.json",
        "{\"url\":\"http://a\",\"dist\":{\"tags\":[\"x\",\"y\"],\"size\":3},"
            + "\"ok\":true,\"ratio\":0.5}");
    Manifest manifest = open("urls.json", "keep", "dist, ok, ratio");
    assertEquals(
        "url STRING,dist STRUCT<size: BIGINT, tags: ARRAY<STRING>>,ok BOOLEAN,ratio DOUBLE",
        ddl(manifest));
    UnsafeRow row = rows(manifest, "dist", "ratio").get(0);
    assertEquals(3, row.getStruct(0, 2).getLong(0));
    assertEquals("y", row.getStruct(0, 2).getArray(1).getUTF8String(1).toString());
    assertEquals(0.5, row.getDouble(1));
  }

  @Test
  void otherColumnCanHoldTheUrl() throws IOException {
    write("urls.json", "{\"link\":\"http://a\",\"name\":\"n\"}");
    Manifest manifest = open("urls.json", "urlColumn", "LINK", "keep", "*");
    assertEquals("url STRING,name STRING", ddl(manifest));
    assertEquals(List.of("http://a|n"), kept(manifest, "url", "name"));
  }

  @Test
  void missingUrlColumnNamesTheNearest() throws IOException {
    write("urls.json", "{\"urls\":\"http://a\",\"name\":\"n\"}");
    assertFailure(
        "has no column 'url'; did you mean 'urls'? columns: name, urls; the option 'urlColumn' says"
            + " which one has the URL",
        "urls.json");
  }

  @Test
  void urlColumnThatIsNoStringIsAnError() throws IOException {
    write("urls.json", "{\"url\":1}");
    assertFailure("is of type BIGINT, but a URL is a string;", "urls.json");
  }

  @Test
  void caseOfNamesMattersIfTheSessionSaysSo() throws IOException {
    write("urls.json", "{\"url\":\"http://a\",\"Name\":\"n\"}");
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      assertFailure("has no column 'name'; did you mean 'Name'?", "urls.json", "keep", "name");
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
    assertEquals("url STRING,name STRING", ddl(open("urls.json", "keep", "name")));
  }

  // What is kept

  @Test
  void keptColumnsComeInTheOrderAskedFor() throws IOException {
    write("urls.json", "{\"a\":1,\"b\":\"two\",\"c\":3,\"url\":\"http://a\"}");
    Manifest manifest = open("urls.json", "keep", "c, b AS bee, a");
    assertEquals("url STRING,c BIGINT,bee STRING,a BIGINT", ddl(manifest));
    assertEquals(List.of("1|http://a|two|3"), kept(manifest, "a", "url", "bee", "c"));
    assertEquals(List.of("two"), kept(manifest, "bee"));
    assertEquals(List.of(""), kept(manifest));
  }

  @Test
  void columnCanBeKeptTwiceAndSoCanTheUrl() throws IOException {
    write("urls.json", "{\"a\":1,\"url\":\"http://a\"}");
    Manifest manifest = open("urls.json", "keep", "a, a AS b, url AS given");
    assertEquals(List.of("1|1|http://a|http://a"), kept(manifest, "a", "b", "given", "url"));
  }

  @Test
  void oddNamesAreKept() throws IOException {
    write("urls.json", "{\"dist.tar`ball\":\"x\",\"a b\":1,\"url\":\"http://a\"}");
    Manifest manifest = open("urls.json", "keep", "`dist.tar``ball`, `a b` AS `c.d`");
    assertArrayEquals(
        new String[] {"url", "dist.tar`ball", "c.d"}, manifest.columns().fieldNames());
    assertEquals(List.of("1|x"), kept(manifest, "c.d", "dist.tar`ball"));
  }

  @Test
  void keptColumnThatIsMissingNamesTheNearest() throws IOException {
    write("urls.json", "{\"name\":\"n\",\"url\":\"http://a\"}");
    assertFailure(
        "has no column 'nam'; did you mean 'name'? columns: name, url; the option 'keep' names it",
        "urls.json",
        "keep",
        "nam");
  }

  @Test
  void clashWithUrlShowsTheWayOut() throws IOException {
    write("urls.json", "{\"link\":\"http://a\",\"url\":\"x\",\"n\":1}");
    assertFailure(
        "the manifest's column 'url' can't be kept as 'url': the result has a column 'url' already;"
            + " keep it under another name: .option(\"keep\", \"n, url AS manifest_url\")",
        "urls.json",
        "urlColumn",
        "link",
        "keep",
        "*");
  }

  @Test
  void sameNameTwiceIsAnError() throws IOException {
    write("urls.json", "{\"a\":1,\"b\":2,\"url\":\"http://a\"}");
    assertFailure(
        "column 'b' can't be kept as 'A': the result has a column 'A' already;",
        "urls.json",
        "keep",
        "a, b AS A");
  }

  @Test
  void clashWithTheTableShowsTheWayOut() throws IOException {
    write("urls.json", "{\"name\":\"n\",\"Status\":1,\"url\":\"http://a\"}");
    Manifest manifest = open("urls.json", "keep", "*");
    assertEquals(manifest, manifest.beside("entries", List.of("url", "path")));
    assertEquals(
        "the manifest's column 'Status' can't be kept as 'Status': the table 'fetches' has a column"
            + " of that name; keep it under another name: .option(\"keep\", \"Status AS"
            + " manifest_Status, name\")",
        assertThrows(
                IllegalArgumentException.class,
                () -> manifest.beside("fetches", List.of("url", "status")))
            .getMessage());
  }

  @Test
  void whatIsKeptByDefaultGivesWayToTheTable() throws IOException {
    write("urls.json", "{\"name\":\"n\",\"Status\":1,\"url\":\"http://a\"}");
    Manifest manifest = open("urls.json");
    assertEquals("url STRING,Status BIGINT,name STRING", ddl(manifest));
    assertEquals(
        "url STRING,name STRING", ddl(manifest.beside("fetches", List.of("url", "status"))));
  }

  @Test
  void whatIsKeptByDefaultGivesWayToTheUrl() throws IOException {
    write("urls.json", "{\"link\":\"http://a\",\"url\":\"x\",\"n\":1}");
    Manifest manifest = open("urls.json", "urlColumn", "link");
    assertEquals("url STRING,n BIGINT", ddl(manifest));
    assertEquals(List.of("http://a|1"), kept(manifest, "url", "n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "", " NONE "})
  void nothingIsKeptIfTheUserSaysSo(String keep) throws IOException {
    write("urls.json", "{\"name\":\"n\",\"url\":\"http://a\"}");
    assertEquals("url STRING", ddl(open("urls.json", "keep", keep)));
  }

  // Where the files are

  @Test
  void globsFoldersAndSeveralPaths() throws IOException {
    write("a/1.txt", "http://1");
    write("a/2.txt", "http://2");
    write("b/3.txt", "http://3");
    write("b/deep/4.txt", "http://4");
    assertEquals(List.of("http://1", "http://2"), sorted(open("a/*.txt")));
    assertEquals(List.of("http://1", "http://2"), sorted(open("a")));
    assertEquals(List.of("http://1", "http://3"), sorted(open(List.of("a/1.txt", "b/3.txt"))));
    assertEquals(List.of("http://3", "http://4"), sorted(open("b", "recursiveFileLookup", "true")));
    assertEquals(List.of("http://2"), sorted(open("a", "pathGlobFilter", "2*")));
  }

  @Test
  void namesOfFilesMayBeOdd() throws IOException {
    for (String name : List.of("my urls.txt", "100%41.txt", "größe+#?.txt")) {
      write("odd/" + name, "http://a");
    }
    assertEquals(3, urls(open("odd")).size());
  }

  @Test
  void namesDecideTheFormat() throws IOException {
    write("spark-output.json/part-0", "{\"url\":\"http://a\"}");
    write("folder/a.ndjson", "{\"url\":\"http://a\"}");
    gzip("b.JSON.gz", "{\"url\":\"http://a\"}");
    assertEquals(List.of("http://a"), urls(open("spark-output.json")));
    assertEquals(List.of("http://a"), urls(open("folder")));
    assertEquals(List.of("http://a"), urls(open("b.JSON*")));
    write("c.txt", "{\"url\":\"http://a\"}");
    assertEquals(List.of("http://a"), urls(open("c.txt", "manifestFormat", "json")));
    assertEquals(List.of("{\"url\":\"http://a\"}"), urls(open("folder", "manifestFormat", "text")));
  }

  @Test
  void mixedFormatsAreAnError() throws IOException {
    write("mixed/a.json", "{\"url\":\"http://a\"}");
    write("mixed/b.txt", "http://b");
    assertFailure("are of different kinds, text ('file:", "mixed");
    assertEquals(List.of("http://b"), urls(open("mixed", "pathGlobFilter", "*.txt")));
  }

  @Test
  void namesOfFoldersBecomeColumns() throws IOException {
    write("days/day=7/a.txt", "http://a");
    write("days/day=8/b.txt", "http://b");
    Manifest manifest = open("days", "keep", "*");
    assertEquals("url STRING,day INT", ddl(manifest));
    assertEquals(
        List.of("7|http://a", "8|http://b"),
        kept(manifest, "day", "url").stream().sorted().toList());
  }

  @Test
  void missingFileIsAnErrorThatNamesIt() {
    Exception missing = assertThrows(Exception.class, () -> open("gone.txt"));
    assertTrue(missing.getMessage().contains("gone.txt"), missing.getMessage());
  }

  @Test
  void missingPathIsAnErrorThatSaysWhatToDo() {
    assertEquals(
        "no manifest given: say where the inputs are, with load(\"urls.txt\") or the option 'path'",
        assertThrows(IllegalArgumentException.class, () -> open(List.of())).getMessage());
  }
}
