package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RustpipeOptionsTest {
  @Test
  void defaultsAreTheDocumentedOnes() {
    RustpipeOptions options = options();
    assertEquals(List.of(), options.paths());
    assertEquals(Optional.empty(), options.table());
    assertEquals(Optional.empty(), options.worker());
    assertEquals(List.of(), options.workerArgs());
    assertEquals(Optional.empty(), options.urlColumn());
    assertEquals(Optional.empty(), options.keep());
    assertEquals(OptionalInt.empty(), options.partitions());
    assertEquals(ErrorMode.PERMISSIVE, options.mode());
    assertEquals(64, options.concurrency());
    assertEquals(List.of(), options.allowedNetworks());
    assertEquals(Depth.CONTENT, options.depth());
    assertEquals(ManifestFormat.AUTO, options.manifestFormat());
    assertEquals(Optional.empty(), options.manifestSchema());
    assertEquals(Map.of(), options.manifestReaderOptions());
    assertEquals(Partitioning.COUNT, options.partitioning());
    assertEquals(Optional.empty(), options.pathGlobFilter());
    assertFalse(options.recursiveFileLookup());
    assertEquals(
        Map.of("concurrency", "64"),
        options.workerOptions(List.of("concurrency", "allowedNetworks")));
  }

  @Test
  void givenValuesAreReadWhateverTheCaseOfNames() {
    RustpipeOptions options =
        options(
            "path", "c.txt",
            "paths", "[\"a.txt\",\"b,1.txt\"]",
            "TABLE", "entries",
            "worker", "/opt/w",
            "workerargs", " -v  --level 3 ",
            "urlcolumn", "link",
            "Keep", "name",
            "partitions", "7",
            "mode", "failFast",
            "concurrency", "1024",
            "allowedNetworks", "10.0.0.0/8, ::1",
            "depth", "Entries",
            "manifestFormat", "JSON",
            "pathGlobFilter", "*.jsonl",
            "manifestschema", "url STRING, size BIGINT",
            "PARTITIONING", "host",
            "Manifest.lineSep", ";",
            "recursiveFileLookup", "TRUE");
    assertEquals(List.of("a.txt", "b,1.txt", "c.txt"), options.paths());
    assertEquals(Optional.of("entries"), options.table());
    assertEquals(Optional.of("/opt/w"), options.worker());
    assertEquals(List.of("-v", "--level", "3"), options.workerArgs());
    assertEquals(Optional.of("link"), options.urlColumn());
    assertEquals("name", options.keep().orElseThrow().toString());
    assertEquals(OptionalInt.of(7), options.partitions());
    assertEquals(ErrorMode.FAILFAST, options.mode());
    assertEquals(1024, options.concurrency());
    assertEquals(List.of("10.0.0.0/8", "0:0:0:0:0:0:0:1/128"), options.allowedNetworks());
    assertEquals(Depth.ENTRIES, options.depth());
    assertEquals(ManifestFormat.JSON, options.manifestFormat());
    assertEquals(Optional.of("*.jsonl"), options.pathGlobFilter());
    assertEquals("STRUCT<url: STRING, size: BIGINT>", options.manifestSchema().orElseThrow().sql());
    assertEquals(Partitioning.HOST, options.partitioning());
    assertEquals(Map.of("linesep", ";"), options.manifestReaderOptions());
    assertTrue(options.recursiveFileLookup());
    assertEquals(
        Map.of(
            "concurrency", "1024",
            "allowedNetworks", "10.0.0.0/8,0:0:0:0:0:0:0:1/128",
            "depth", "entries"),
        options.workerOptions(List.of("concurrency", "allowedNetworks", "depth")));
  }

  @Test
  void argumentsWithBlanksAreWrittenAsJson() {
    assertEquals(
        List.of("a b", "", "c"),
        options("worker", "/opt/w", "workerArgs", "[\"a b\",\"\",\"c\"]").workerArgs());
    assertEquals(
        "option 'workerArgs' needs option 'worker'", failure("path", "a.txt", "workerArgs", "-v"));
  }

  @Test
  void variablesForTheWorkerAreAJsonObject() {
    assertEquals(
        Map.of("API_KEY", "a=b", "EMPTY", ""),
        options("worker", "/opt/w", "workerEnv", "{\"API_KEY\":\"a=b\",\"EMPTY\":\"\"}")
            .workerEnv());
    assertEquals(Map.of(), options("worker", "/opt/w", "workerEnv", " ").workerEnv());
    assertEquals("option 'workerEnv' needs option 'worker'", failure("workerEnv", "{\"A\":\"b\"}"));
  }

  @Test
  void theDigestsOfAWorkerAreReadInAnyCase() {
    String digest = "0123456789abcdef".repeat(4);
    assertEquals(List.of(), options("worker", "/opt/w").workerSha256());
    assertEquals(
        List.of(digest, "f".repeat(64)),
        options("worker", "/opt/w", "workerSha256", digest + " , " + "F".repeat(64))
            .workerSha256());
    assertEquals("option 'workerSha256' needs option 'worker'", failure("workerSha256", digest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "abc", "sha256:0", ","})
  void whatIsNoDigestIsNoPin(String value) {
    String message = failure("worker", "/opt/w", "workerSha256", value);
    assertTrue(message.startsWith("option 'workerSha256' is '" + value + "'"), message);
    assertTrue(message.contains("64 hexadecimal digits"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hush | ''",
        "[\"hush\"] | ''",
        "{\"A\":\"hush\" | ''",
        "{\"A\":\"hush\",\"B\":1} | ; the value of 'B' is no string, or has a NUL in it",
        "{\"A\":\"hush\",\"B\":\"hush\\u0000\"} | ; the value of 'B' is no string, or has a NUL in"
            + " it",
        "{\"\":\"hush\"} | ; no variable can be called ''",
        "{\"A=B\":\"hush\"} | ; no variable can be called 'A=B'",
      })
  void aBadVariableIsNamedAndNoValueShown(String value, String named) {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> options("worker", "/opt/w", "workerEnv", value));
    assertEquals(
        "option 'workerEnv' is '...'; expected a JSON object of strings, such as"
            + " {\"API_KEY\":\"...\"}"
            + named,
        error.getMessage());
    var trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    assertFalse(trace.toString().contains("hush"), trace.toString());
  }

  @Test
  void aWorkerIsSentWhatItDeclaresAndNothingElse() {
    RustpipeOptions options =
        options("worker", "/opt/w", "Greeting", "hi", "concurrency", "2", "mode", "FAILFAST");
    assertEquals(Map.of(), options.workerOptions(List.of()));
    assertEquals(
        Map.of("greeting", "hi", "concurrency", "2"),
        options.workerOptions(List.of("greeting", "concurrency", "mode", "colour")));
  }

  @Test
  void anOptionThatNeitherConnectorNorWorkerKnowsIsAnError() {
    RustpipeOptions options = options("worker", "/opt/w", "greting", "hi");
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> options.requireKnown(List.of("greeting")))
            .getMessage();
    assertTrue(message.startsWith("unknown option 'greting'; did you mean 'greeting'?"), message);
    options("worker", "/opt/w", "GREETING", "hi").requireKnown(List.of("greeting"));
    assertTrue(failure("greeting", "hi").startsWith("unknown option 'greeting'"));
  }

  @Test
  void aScanMaySetOptionsOfTheTablesWorker() {
    RustpipeOptions scan = options("worker", "/opt/w").overriddenBy(map("greeting", "hi"));
    assertEquals(options("worker", "/opt/w", "greeting", "hi"), scan);
  }

  @Test
  void unknownOptionNamesTheNearestAndAll() {
    assertEquals(
        "unknown option 'urlColum'; did you mean 'urlColumn'? options: path, paths, table, worker,"
            + " workerSha256, workerArgs, workerEnv, workerTimeout, inputTimeout, workerRestarts,"
            + " protocol, inputColumn, linesPerInput, allowEarlyExit, urlColumn, integrityColumn,"
            + " keep, partitions, partitioning, mode, concurrency, allowedNetworks, depth,"
            + " manifestFormat, manifestSchema, manifest.<x>, pathGlobFilter, recursiveFileLookup, "
            + LimitOptions.ALL.stream().map(OptionSpec::name).collect(Collectors.joining(", ")),
        failure("urlColum", "x"));
  }

  @Test
  void unknownOptionThatIsLikeNothingIsNotGuessed() {
    assertTrue(failure("header", "true").startsWith("unknown option 'header'; options: path,"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "partitions | 0 | a whole number from 1 to 1000000",
        "partitions | 4.5 | a whole number from 1 to 1000000",
        "partitions | 99999999999 | a whole number from 1 to 1000000",
        "concurrency | 1025 | a whole number from 1 to 1024",
        "mode | strict | one of [PERMISSIVE, DROPMALFORMED, FAILFAST]",
        "manifestFormat | xml | one of [AUTO, TEXT, JSON, CSV, PARQUET, ORC]",
        "partitioning | size | one of [COUNT, HOST]",
        "manifestSchema | url STRING, URL INT | each column once, but 'URL' is there twice",
        "manifestSchema | c CHAR(3) | types that files have, but 'c' is CHAR(3): write STRING",
        "depth | none | one of [head, body, entries, content]",
        "recursiveFileLookup | yes | true or false",
        "urlColumn | '' | some text",
        "paths | a.txt | a JSON array of strings, such as [\"a.txt\",\"b.txt\"]",
        "paths | [null] | a JSON array of strings, such as [\"a.txt\",\"b.txt\"]",
        "paths | null | a JSON array of strings, such as [\"a.txt\",\"b.txt\"]",
      })
  void badValueNamesOptionValueAndWhatIsAllowed(String name, String value, String expected) {
    assertEquals(
        "option '%s' is '%s'; expected %s".formatted(name, value, expected), failure(name, value));
  }

  @Test
  void badDdlIsAnErrorThatShowsIt() {
    String message = failure("manifestSchema", "url STRNG");
    assertTrue(
        message.startsWith(
            "option 'manifestSchema' is 'url STRNG'; expected columns as DDL, such as url STRING,"
                + " size BIGINT; Spark's parser says: "),
        message);
    assertTrue(message.toUpperCase(Locale.ROOT).contains("STRNG"), message);
  }

  @Test
  void optionsOfTheReaderAreHandedOnWhateverTheyAre() {
    RustpipeOptions options = options("manifest.Header", "false", "MANIFEST.my.own", "");
    assertEquals(Map.of("header", "false", "my.own", ""), options.manifestReaderOptions());
    assertEquals(options("manifest.header", "false", "manifest.MY.OWN", ""), options);
    assertEquals(
        Map.of("header", "true", "my.own", ""),
        options.overriddenBy(map("manifest.HEADER", "true")).manifestReaderOptions());
  }

  @Test
  void readerIsNotToldASecondTimeWhichFilesAreMeant() {
    assertEquals(
        "the option 'manifest.Path' would say a second time which files are read: use the option"
            + " 'path'",
        failure("manifest.Path", "x"));
    assertEquals(
        "the option 'manifest.' names no option of the manifest's reader: write for example"
            + " 'manifest.header'",
        failure("manifest.", "x"));
  }

  @Test
  void optionsThatMayBeSecretsAreNotShown() {
    assertEquals(
        "{manifest.fs.s3a.secret.key=..., path=a.txt}",
        options("path", "a.txt", "manifest.fs.s3a.secret.key", "hush").toString());
    assertEquals(
        "{worker=/opt/w, workerEnv=[API_KEY, B]}",
        options("worker", "/opt/w", "workerEnv", "{\"API_KEY\":\"hush\",\"B\":\"hush\"}")
            .toString());
  }

  @Test
  void errorsInTheSessionConfigurationSayWhereTheyCameFrom() {
    SQLConf conf = SQLConf.get();
    conf.setConfString("spark.datasource.rustpipe.partitions", "many");
    conf.setConfString("spark.datasource.rustpipe.partition", "3");
    try {
      assertEquals(
          "option 'partitions' (set by the session configuration"
              + " 'spark.datasource.rustpipe.partitions') is 'many'; expected a whole number from 1"
              + " to 1000000",
          failure("partitions", "many"));
      assertTrue(
          failure("partition", "3")
              .startsWith(
                  "unknown option 'partition' (set by the session configuration"
                      + " 'spark.datasource.rustpipe.partition'); did you mean 'partitions'?"));
      assertTrue(failure("partitions", "few").startsWith("option 'partitions' is 'few'"));
    } finally {
      conf.unsetConf("spark.datasource.rustpipe.partitions");
      conf.unsetConf("spark.datasource.rustpipe.partition");
    }
  }

  @Test
  void propertiesOfACatalogTableAreNotOptions() {
    RustpipeOptions options =
        options(
            "owner", "root",
            "provider", "rustpipe",
            "location", "file:/tmp/urls.txt",
            "path", "file:/tmp/urls.txt",
            "comment", "all our mirrors",
            "createdBy", "nightly job",
            "urlColumn", "link",
            "option.urlColumn", "link");
    assertEquals(options("path", "file:/tmp/urls.txt", "urlColumn", "link"), options);
  }

  @Test
  void misspeltOptionOfACatalogTableIsStillAnError() {
    assertTrue(
        failure("owner", "root", "provider", "rustpipe", "kep", "a", "option.kep", "a")
            .startsWith("unknown option 'kep'; did you mean 'keep'?"));
  }

  @Test
  void optionsOfAScanOverrideThoseOfTheTable() {
    RustpipeOptions table = options("path", "a.txt", "partitions", "2");
    assertEquals(
        options("path", "a.txt", "partitions", "4"), table.overriddenBy(map("PARTITIONS", "4")));
    assertEquals(options("path", "a.txt", "partitions", "2"), table);
  }

  @Test
  void equalOptionsAreEqualAfterTheWire() throws Exception {
    RustpipeOptions options = options("path", "a.txt", "keep", "*");
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(options);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Object copy = in.readObject();
      assertEquals(options, copy);
      assertEquals(options.hashCode(), copy.hashCode());
    }
    assertNotEquals(options, options("path", "a.txt"));
  }

  private static String failure(String... keysAndValues) {
    return assertThrows(IllegalArgumentException.class, () -> options(keysAndValues)).getMessage();
  }

  private static RustpipeOptions options(String... keysAndValues) {
    return RustpipeOptions.of(map(keysAndValues));
  }

  private static CaseInsensitiveStringMap map(String... keysAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new CaseInsensitiveStringMap(map);
  }
}
