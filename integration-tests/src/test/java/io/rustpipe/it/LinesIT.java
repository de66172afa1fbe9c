package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that know nothing of this project, with lines in and lines out. */
class LinesIT {
  private static final int MANY = 1_000_000;

  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Workers.assertNoneWithinGrace();
  }

  @Test
  void theLinesOfATextManifestGoInAsTheyAre() throws IOException {
    Path manifest = Files.writeString(folder.resolve("in.txt"), "  b \n# c\n\na\rz\nlast");

    assertEquals(
        List.of("", "  b ", "# c", "a\rz", "last"),
        strings(lines("/usr/bin/sort").load(manifest.toString())));
  }

  @Test
  void aMillionLinesComeBackComplete() throws IOException {
    Row found =
        lines("/bin/cat")
            .option("linesPerInput", 1)
            .load(numbers(MANY).toString())
            .selectExpr("count(*)", "count(DISTINCT line)", "sum(bigint(line))")
            .first();

    assertEquals(MANY, found.getLong(0));
    assertEquals(MANY, found.getLong(1));
    assertEquals(LongStream.rangeClosed(1, MANY).sum(), found.getLong(2));
  }

  @Test
  void countNeedsNoColumn() throws IOException {
    assertEquals(MANY, lines("/bin/cat").load(numbers(MANY).toString()).count());
  }

  @Test
  void aProgramThatExitsEarlyIsAnErrorUnlessItMay() throws IOException {
    Path manifest = numbers(MANY);
    DataFrameReader head = lines("/usr/bin/head", "-n", "1").option("partitions", 1);

    assertFailsNaming(
        () -> head.load(manifest.toString()).collectAsList(),
        "exit code 0",
        "left input unread",
        "'allowEarlyExit'");
    assertEquals(
        List.of("1"), strings(head.option("allowEarlyExit", true).load(manifest.toString())));
  }

  @Test
  void aProgramThatClosesItsInputIsAnError() throws IOException {
    Path manifest = numbers(MANY);

    assertFailsNaming(
        () -> sh("exec <&-; echo done").load(manifest.toString()).collectAsList(),
        "exit code 0",
        "left input unread");
  }

  @Test
  void aFailureHasExitCodeAndLastWords() throws IOException {
    Path manifest = numbers(3);

    assertFailsNaming(
        () -> sh("cat; echo 'disk is full' >&2; exit 3").load(manifest.toString()).collectAsList(),
        "exit code 3",
        "disk is full");
    assertFailsNaming(
        () -> sh("kill -SEGV $$").load(manifest.toString()).collectAsList(), "SIGSEGV");
  }

  @Test
  void aPromisedCountIsChecked() throws IOException {
    Path manifest = numbers(10);

    assertFailsNaming(
        () ->
            lines("/bin/sed", "3d")
                .option("partitions", 1)
                .option("linesPerInput", 1)
                .load(manifest.toString())
                .collectAsList(),
        "9 lines in all for the 10",
        "'linesPerInput' is 1");
  }

  @Test
  void limitEndsAnEndlessProgram() throws IOException {
    assertEquals(
        List.of("y", "y", "y"),
        strings(lines("/usr/bin/yes").load(numbers(1).toString()).limit(3)));
  }

  @Test
  void noInputStartsNoProgram() throws IOException {
    Path manifest = Files.createFile(folder.resolve("none.txt"));

    assertTrue(sh("echo started; cat").load(manifest.toString()).collectAsList().isEmpty());
  }

  @Test
  void rowsOfOtherManifestsAreJsonObjects() throws IOException {
    Path json =
        Files.writeString(
            folder.resolve("in.json"),
            """
            {"id":1,"name":"a\\nb","tags":["x",null],"inner":{"n":1.5}}
            {"id":2}
            """);

    assertEquals(
        List.of(
            "{\"id\":1,\"inner\":{\"n\":1.5},\"name\":\"a\\nb\",\"tags\":[\"x\",null]}",
            "{\"id\":2,\"inner\":null,\"name\":null,\"tags\":null}"),
        strings(lines("/usr/bin/sort").load(json.toString())));

    Path csv = Files.writeString(folder.resolve("in.csv"), "id,name\n1,ann\n2,\n");
    assertEquals(
        List.of("{\"id\":\"1\",\"name\":\"ann\"}", "{\"id\":\"2\",\"name\":null}"),
        strings(lines("/usr/bin/sort").load(csv.toString())));
  }

  @Test
  void everyTypeGoesThereAndBack() {
    SparkSession spark = TestSpark.session();
    Dataset<Row> rows =
        spark.sql(
            """
            SELECT * FROM VALUES
              (1Y, 2S, 3, 9007199254740993L, float(0.1), 0.1D, true, 'grüße "x"',
               CAST('123456789012345678.90' AS DECIMAL(20, 2)), date'2024-02-29',
               timestamp'2024-02-29 12:00:00.123456', X'00ff', array(1, null),
               map('k', 1.5D), named_struct('a', 1, 'b', array('x'))),
              (null, null, null, null, null, double('NaN'), null, null, null, null, null, null, null,
               null, null)
            AS t(b, s, i, l, f, d, z, t, n, day, at, x, a, m, o)
            """);
    Path parquet = folder.resolve("in.parquet");
    rows.write().parquet(parquet.toString());

    Dataset<Row> back =
        program("/bin/cat")
            .schema(rows.schema())
            .option("mode", "FAILFAST")
            .load(parquet.toString());

    // An array of bytes is equal to no other.
    assertEquals(
        texts(rows.withColumn("x", hex(col("x")))), texts(back.withColumn("x", hex(col("x")))));
  }

  @Test
  void oneColumnCanBeSentRaw() throws IOException {
    Path csv = Files.writeString(folder.resolve("in.csv"), "id,name\n1,ann\n2,bob\n");

    assertEquals(
        List.of("ANN", "BOB"),
        strings(
            lines("/usr/bin/tr", "a-z", "A-Z").option("inputColumn", "NAME").load(csv.toString())));
    assertFailsNaming(
        () -> lines("/bin/cat").option("inputColumn", "nam").load(csv.toString()),
        "no column 'nam'",
        "did you mean 'name'?",
        "'inputColumn'");
  }

  @Test
  void whatCanBeNoLineIsAnErrorThatNamesTheRow() throws IOException {
    Path json =
        Files.writeString(folder.resolve("in.json"), "{\"t\":\"ok\"}\n{\"t\":\"two\\nlines\"}\n");

    assertFailsNaming(
        () ->
            lines("/bin/cat")
                .option("inputColumn", "t")
                .option("partitions", 1)
                .load(json.toString())
                .collectAsList(),
        "row 2",
        "line feed in the column 't', at byte 3",
        "two\\nlines",
        "leave the option 'inputColumn' out");

    Path nulls = Files.writeString(folder.resolve("nulls.json"), "{\"t\":\"ok\"}\n{\"u\":1}\n");
    assertFailsNaming(
        () -> lines("/bin/cat").option("inputColumn", "t").load(nulls.toString()).collectAsList(),
        "null in the column 't'");

    Path wide = Files.writeString(folder.resolve("wide.txt"), "x".repeat((1 << 20) + 1));
    assertFailsNaming(
        () -> lines("/bin/cat").load(wide.toString()).collectAsList(),
        "1,048,577 bytes",
        "limit of 1,048,576 bytes");
  }

  @Test
  void jsonObjectsAreReadWithTheUsersSchema() throws IOException {
    Path manifest = numbers(3);
    String awk =
        "{ printf \"{\\\"other\\\":[{}],\\\"square\\\":%d,\\\"n\\\":\\\"%s\\\"}\\n\", $1*$1, $1 }";

    assertEquals(
        List.of("[1,1,null]", "[2,4,null]", "[3,9,null]"),
        texts(
            program("/usr/bin/awk", awk)
                .schema("n STRING, square INT, missing DOUBLE")
                .load(manifest.toString())));
  }

  @Test
  void aLineThatDoesNotFitIsTreatedAsTheModeSays() throws IOException {
    Path manifest =
        Files.writeString(
            folder.resolve("in.txt"), "{\"n\":1}\n{\"n\":\"x1\"}\nno json\n{\"n\":4}\n");
    DataFrameReader cat = program("/bin/cat").option("partitions", 1);

    assertFailsNaming(
        () -> cat.schema("n INT").load(manifest.toString()).collectAsList(),
        "line 2",
        "column 'n': expected int, found \"x1\"",
        "{\"n\":\"x1\"}",
        "'_corrupt_record STRING'");
    assertFailsNaming(
        () ->
            cat.schema("n INT")
                .option("mode", "FAILFAST")
                .load(manifest.toString())
                .collectAsList(),
        "line 2",
        "column 'n': expected int, found \"x1\"",
        "FAILFAST");
    assertEquals(
        List.of("[1,null]", "[4,null]", "[null,no json]", "[null,{\"n\":\"x1\"}]"),
        texts(
            cat.schema("n INT, _corrupt_record STRING")
                .option("mode", "PERMISSIVE")
                .load(manifest.toString())));
    Dataset<Row> dropped =
        cat.schema("n INT").option("mode", "DROPMALFORMED").load(manifest.toString());
    assertEquals(List.of("[1]", "[4]"), texts(dropped));
    assertEquals(2, dropped.count(), "which rows there are does not depend on the columns");
  }

  @Test
  void bytesThatAreNoTextAreMalformed() throws IOException {
    Path manifest = numbers(1);
    DataFrameReader bytes = sh("cat >/dev/null; printf 'a\\377b\\n'");

    assertFailsNaming(
        () -> bytes.schema("line STRING").load(manifest.toString()).collectAsList(),
        "line 1",
        "byte 0xff starts no UTF-8 character");
    assertEquals(
        List.of("[null,a\uFFFDb]"),
        texts(bytes.schema("line STRING, _corrupt_record STRING").load(manifest.toString())));
  }

  @Test
  void filtersOnResultsAreNotTakenForThoseOnTheManifest() throws IOException {
    Path json =
        Files.writeString(
            folder.resolve("in.json"), "{\"n\":1,\"url\":\"a\"}\n{\"n\":2,\"url\":\"b\"}\n");
    // What comes out has the names of what goes in, but other values.
    DataFrameReader swap = program("/bin/sed", "s/\"a\"/\"X\"/; s/\"b\"/\"a\"/");

    Dataset<Row> found =
        swap.schema("url STRING, n INT").load(json.toString()).where("url = 'a'").select("n");

    assertEquals(List.of("[2]"), texts(found));
  }

  @Test
  void sqlNamesTheColumnsOfAView() throws IOException {
    SparkSession spark = TestSpark.session();
    Path awk =
        Files.writeString(
            folder.resolve("square.awk"),
            "{ print \"{\\\"n\\\":\" $1 \",\\\"square\\\":\" $1*$1 \"}\" }");
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW squares (n INT, square INT) USING rustpipe OPTIONS (path '%s', worker '/usr/bin/awk', protocol 'lines', workerArgs '-f %s')"
            .formatted(numbers(3), awk));

    assertEquals(
        List.of("[1,1]", "[2,4]", "[3,9]"), texts(spark.sql("SELECT n, square FROM squares")));
  }

  @Test
  void theColumnsMustBeGivenAndTheProgramBeThere() throws IOException {
    Path manifest = numbers(1);

    assertFailsNaming(
        () -> program("/bin/cat").load(manifest.toString()), ".schema(\"line STRING\")");
    assertFailsNaming(
        () -> program("/bin/cat").schema("_corrupt_record STRING").load(manifest.toString()),
        ".schema(\"line STRING\")");
    assertFailsNaming(
        () -> program("/bin/cat").schema("i INTERVAL DAY").load(manifest.toString()),
        "column 'i'",
        "interval day");
    assertFailsNaming(
        () -> program("/nowhere/tool").schema("line STRING").load(manifest.toString()),
        "option 'worker'",
        "'/nowhere/tool'");
    SparkEnv.get().conf().set("spark.rustpipe.customWorkers", "false");
    try {
      assertFailsNaming(
          () -> lines("/bin/cat").load(manifest.toString()), "spark.rustpipe.customWorkers");
    } finally {
      SparkEnv.get().conf().remove("spark.rustpipe.customWorkers");
    }
  }

  @Test
  void manyTasksShareTheLines() throws IOException {
    List<Row> counts =
        lines("/usr/bin/wc", "-l")
            .option("partitions", 7)
            .load(numbers(100).toString())
            .collectAsList();

    assertEquals(7, counts.size(), "one program a task");
    assertEquals(
        100, counts.stream().mapToInt(row -> Integer.parseInt(row.getString(0).strip())).sum());
    assertFalse(counts.stream().anyMatch(row -> row.getString(0).strip().equals("0")));
  }

  /** A program whose lines are text. */
  private static DataFrameReader lines(String program, String... arguments) {
    return program(program, arguments).schema("line STRING");
  }

  private static DataFrameReader sh(String script) {
    return lines("/bin/sh", "-c", script).option("partitions", 1);
  }

  private static DataFrameReader program(String program, String... arguments) {
    String words =
        List.of(arguments).stream()
            .map(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
            .toList()
            .toString();
    return TestSpark.session()
        .read()
        .format("rustpipe")
        .option("protocol", "lines")
        .option("worker", program)
        .option("workerArgs", words);
  }

  private Path numbers(int count) throws IOException {
    return Files.write(
        folder.resolve("numbers.txt"),
        IntStream.rangeClosed(1, count).mapToObj(String::valueOf).toList());
  }

  private static List<String> strings(Dataset<Row> lines) {
    return lines.collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }
}
