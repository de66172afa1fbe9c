package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestFormatsTest extends ManifestFixture {
  // CSV

  @Test
  void csvHasAHeaderAndQuotes() throws IOException {
    write("urls.csv", "name,url\n\"a, \\\"b\\\"\",\"http://a/?x=1,2\"\nplain,http://b\n");
    Manifest manifest = open("urls.csv");
    assertEquals("url STRING,name STRING", ddl(manifest));
    assertEquals(
        List.of("http://a/?x=1,2|a, \"b\"", "http://b|plain"), kept(manifest, "url", "name"));
  }

  @Test
  void csvWithoutHeaderHasNumberedColumns() throws IOException {
    write("urls.csv", "n,http://a\nm,http://b\n");
    Manifest manifest =
        open("urls.csv", "manifest.Header", "false", "urlColumn", "_c1", "keep", "_c0 AS name");
    assertEquals(List.of("http://a|n", "http://b|m"), kept(manifest, "url", "name"));
    assertFailure(
        "has no column 'url'; columns: _c0, _c1;", "urls.csv", "manifest.header", "false");
  }

  @Test
  void optionsOfTheReaderReachIt() throws IOException {
    Files.write(
        folder.resolve("urls.csv"),
        "url;größe\nhttp://a;\"1\n2\"\n".getBytes(StandardCharsets.ISO_8859_1));
    Manifest manifest =
        open(
            "urls.csv",
            "manifest.delimiter",
            ";",
            "manifest.encoding",
            "ISO-8859-1",
            "manifest.multiLine",
            "true");
    assertEquals("url STRING,größe STRING", ddl(manifest));
    assertEquals(List.of("http://a|1\n2"), kept(manifest, "url", "größe"));
  }

  @Test
  void typesOfCsvCanBeInferred() throws IOException {
    write("urls.csv", "url,n\nhttp://a,7\n");
    assertEquals("url STRING,n STRING", ddl(open("urls.csv")));
    assertEquals("url STRING,n INT", ddl(open("urls.csv", "manifest.inferSchema", "true")));
  }

  @Test
  void tsvIsSeparatedByTabsUnlessTheUserSaysOtherwise() throws IOException {
    write("urls.tsv", "url\tn\nhttp://a\t1\n");
    assertEquals(List.of("http://a|1"), kept(open("urls.tsv"), "url", "n"));
    assertEquals(
        List.of("http://a|1"), kept(open("urls.tsv", "manifestFormat", "csv"), "url", "n"));
    write("odd.tsv", "url|n\nhttp://a|1\n");
    assertEquals(List.of("http://a|1"), kept(open("odd.tsv", "manifest.sep", "|"), "url", "n"));
    assertEquals(
        List.of("http://a|1"), kept(open("odd.tsv", "manifest.delimiter", "|"), "url", "n"));
  }

  @Test
  void csvFilesWithTheirColumnsInDifferentOrderAreNotMixedUp() throws IOException {
    write("many/a.csv", "url,n\nhttp://a,1\n");
    write("many/b.csv", "n,url\n2,http://b\n");
    var failure = assertThrows(Exception.class, () -> kept(open("many"), "url", "n"));
    assertTrue(failure.getMessage().contains("header"), failure.getMessage());
  }

  @Test
  void csvWithByteOrderMarkAndLineEndsOfWindows() throws IOException {
    write("urls.csv", "\uFEFFurl,n\r\nhttp://a,1\r\n");
    assertEquals(List.of("http://a|1"), kept(open("urls.csv"), "url", "n"));
  }

  @Test
  void csvWithoutUrlIsAnInputWithoutUrl() throws IOException {
    write("urls.csv", "url,n\n,1\nhttp://b,2\n");
    assertEquals(Arrays.asList(null, "http://b"), urls(open("urls.csv")));
  }

  // Parquet and ORC

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void columnarFilesAreReadWithAllTypes(String format) throws IOException {
    everyType().write().format(format).save(folder.resolve("urls").toString());
    Manifest manifest = open("urls");
    assertEquals(
        "url STRING,b BOOLEAN,y TINYINT,s SMALLINT,i INT,l BIGINT,f FLOAT,d DOUBLE,"
            + "dec DECIMAL(20,3),big DECIMAL(30,3),day DATE,at TIMESTAMP,local TIMESTAMP_NTZ,"
            + "raw BINARY,list ARRAY<STRING>,map MAP<STRING, INT>,"
            + "deep STRUCT<a: STRUCT<b: STRING>>",
        ddl(manifest));
    assertEquals(
        List.of("http://a|true|1|2|3|4|0.5|0.25|1.500|2.500|20454|" + TIMESTAMP_MICROS),
        kept(manifest, "url", "b", "y", "s", "i", "l", "f", "d", "dec", "big", "day", "at"));
    var row = rows(manifest, "local", "raw", "list", "map", "deep").get(0);
    assertEquals(TIMESTAMP_MICROS, row.getLong(0));
    assertEquals("raw", new String(row.getBinary(1), StandardCharsets.UTF_8));
    assertEquals("y", row.getArray(2).getUTF8String(1).toString());
    assertEquals(7, row.getMap(3).valueArray().getInt(0));
    assertEquals("deep", row.getStruct(4, 1).getStruct(0, 1).getUTF8String(0).toString());
  }

  @ParameterizedTest
  @CsvSource({"parquet,true", "parquet,false", "orc,true", "orc,false"})
  void columnarFilesAreReadWithAndWithoutVectors(String format, String vectors) throws IOException {
    spark
        .range(10_000)
        .selectExpr("concat('http://', id) AS url", "id")
        .repartition(3)
        .write()
        .format(format)
        .save(folder.resolve("urls").toString());
    spark.conf().set("spark.sql." + format + ".enableVectorizedReader", vectors);
    try {
      assertEquals(List.of(2500, 2500, 2500, 2500), shares(open("urls"), 4));
    } finally {
      spark.conf().unset("spark.sql." + format + ".enableVectorizedReader");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "csv", "parquet", "orc"})
  void foldersNamedAfterValuesAreColumnsInEveryFormat(String format) throws IOException {
    String url = format.equals("text") ? "value" : "url";
    Dataset<Row> rows =
        spark.sql("SELECT 'http://a' AS " + url + ", 1 AS day UNION ALL SELECT 'http://b', 2");
    rows.write().format(format).partitionBy("day").save(folder.resolve("x").toString());
    Manifest manifest =
        format.equals("csv")
            ? open("x", "manifest.header", "false", "urlColumn", "_c0")
            : open("x");
    assertEquals("url STRING,day INT", ddl(manifest));
    assertEquals(
        List.of("http://a|1", "http://b|2"),
        kept(manifest, "url", "day").stream().sorted().toList());
  }

  @Test
  void formatCanBeSaidWhereNamesDoNot() throws IOException {
    spark.sql("SELECT 'http://a' AS url").write().orc(folder.resolve("spark").toString());
    try (var files = Files.list(folder.resolve("spark"))) {
      var part = files.filter(file -> file.toString().endsWith(".orc")).findFirst().orElseThrow();
      Files.copy(part, folder.resolve("urls.dat"));
    }
    assertEquals(List.of("http://a"), urls(open("urls.dat", "manifestFormat", "orc")));
  }

  // manifestSchema

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urls.json | {\"n\":7,\"url\":\"http://a\",\"more\":1}",
        "urls.csv  | 'url,n\nhttp://a,7\n'",
      })
  void manifestSchemaGivesColumnsAndTypes(String name, String text) throws IOException {
    write(name, text);
    Manifest manifest = open(name, "manifestSchema", "url STRING, n DECIMAL(5,2)");
    assertEquals("url STRING,n DECIMAL(5,2)", ddl(manifest));
    assertEquals(List.of("http://a|7.00"), kept(manifest, "url", "n"));
  }

  @Test
  void manifestSchemaOfFolderNames() throws IOException {
    write("days/day=07/a.json", "{\"url\":\"http://a\"}");
    Manifest manifest = open("days", "manifestSchema", "url STRING, day STRING");
    assertEquals(List.of("http://a|07"), kept(manifest, "url", "day"));
  }

  @Test
  void csvWithAnotherHeaderThanTheSchemaIsAnError() throws IOException {
    write("urls.csv", "n,url\n7,http://a\n");
    Manifest manifest = open("urls.csv", "manifestSchema", "url STRING, n INT");
    var failure = assertThrows(Exception.class, () -> urls(manifest));
    assertTrue(failure.getMessage().contains("header"), failure.getMessage());
  }

  @Test
  void manifestSchemaWithoutTheUrlIsAnError() throws IOException {
    write("urls.json", "{\"url\":\"http://a\"}");
    assertFailure(
        "urls.json has no column 'url'; did you mean 'urls'? columns: urls; the option 'urlColumn'"
            + " says which one has the URL",
        "urls.json",
        "manifestSchema",
        "urls STRING");
    assertFailure("the option 'manifestSchema' of", "urls.json", "manifestSchema", "urls STRING");
  }

  @Test
  void manifestSchemaOfATextManifestIsAnError() throws IOException {
    write("urls.txt", "http://a");
    assertFailure(
        "is text, where the line is the input, so it has no columns that the option"
            + " 'manifestSchema' could name",
        "urls.txt",
        "manifestSchema",
        "url STRING");
  }

  private static final long TIMESTAMP_MICROS = 1_767_323_045_000_000L;

  private static Dataset<Row> everyType() {
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    return spark.sql(
        """
        SELECT 'http://a' AS url, true AS b, 1Y AS y, 2S AS s, 3 AS i, 4L AS l, 0.5F AS f,
          0.25D AS d, CAST(1.5 AS DECIMAL(20,3)) AS dec, CAST(2.5 AS DECIMAL(30,3)) AS big,
          DATE'2026-01-01' AS day, TIMESTAMP'2026-01-02 03:04:05' AS at,
          TIMESTAMP_NTZ'2026-01-02 03:04:05' AS local, CAST('raw' AS BINARY) AS raw,
          array('x', 'y') AS list, map('k', 7) AS map, struct(struct('deep' AS b) AS a) AS deep
        """);
  }
}
