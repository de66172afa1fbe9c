package io.rustpipe.it;

import static io.rustpipe.it.Failures.assertFailsNaming;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of the user's in the bundled worker's place: here a shell script. */
class CustomWorkerIT {
  private static final String FORBIDDEN = "spark.rustpipe.customWorkers";

  /** A table {@code greetings}: for each input its {@code url} in a greeting, and what was seen. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      if [ "$2" = describe ]; then
        echo '{"name":"greeter","version":"7","protocol":[1],"platform":"any","tables":[%s],"filters":[],"options":[{"name":"greeting","type":"string","default":"hello","description":"What to say"}],"limits":{"line_in_bytes":1048576,"line_out_bytes":16777216}}'
        exit 0
      fi
      read -r open
      greeting=$(echo "$open" | sed -n 's/.*"greeting":"\\([^"]*\\)".*/\\1/p')
      case $open in *concurrency*) sent=yes ;; *) sent=no ;; esac
      echo '{"type":"hello","version":1,"name":"greeter","worker_version":"7","columns":[{"name":"text","type":"string"}],"window":{"inputs":4,"bytes":4194304}}'
      n=0
      while read -r line; do
        case $line in
          *'"type":"in"'*)
            n=$((n + 1))
            url=$(echo "$line" | sed 's/.*"url":"\\([^"]*\\)".*/\\1/')
            text="${greeting:-hello} $url, $1 $2, home ${HOME-unset}, concurrency $sent"
            echo "{\\"type\\":\\"rows\\",\\"id\\":$n,\\"rows\\":[[\\"$text\\"]],\\"done\\":{\\"status\\":\\"SUCCEEDED\\",\\"rows\\":1}}" ;;
          *'"type":"end"'*)
            echo "{\\"type\\":\\"bye\\",\\"inputs\\":$n,\\"rows\\":$n,\\"errors\\":0}"
            exit 0 ;;
        esac
      done
      exit 1
      """;

  private static final String TABLE =
      """
      {"name":"%s","comment":"Greetings","rows_per_input":"many","columns":[{"name":"text","type":"%s","nullable":false,"comment":"A greeting","cost":"none"}]}\
      """;

  @TempDir Path folder;
  private Path manifest;

  @BeforeEach
  void writeManifest() throws IOException {
    manifest = Files.writeString(folder.resolve("names.txt"), "ann\nbob\n");
  }

  @AfterEach
  void nothingIsLeft() {
    Workers.assertNoneWithinGrace();
  }

  @Test
  void itsOnlyTableIsReadWithItsOwnOptionsAndAnEmptyEnvironment() throws IOException {
    List<Row> rows =
        reader(worker("greetings"))
            .option("greeting", "hi")
            .load(manifest.toString())
            .orderBy("url")
            .collectAsList();

    assertEquals(
        List.of(
            "[ann,hi ann, -q run, home unset, concurrency no,null,null]",
            "[bob,hi bob, -q run, home unset, concurrency no,null,null]"),
        rows.stream().map(Row::toString).toList());
  }

  @Test
  void manyInputsInManyTasksAreAllAnswered() throws IOException {
    Path many =
        Files.write(
            folder.resolve("many.txt"), IntStream.range(0, 500).mapToObj(i -> "n" + i).toList());

    assertEquals(
        500,
        reader(worker("greetings"))
            .option("partitions", 5)
            .load(many.toString())
            .where("text LIKE concat('hello ', url, ',%')")
            .selectExpr("count(DISTINCT text)")
            .first()
            .getLong(0));
  }

  @Test
  void sqlNamesItLikeEveryOtherOption() throws IOException {
    SparkSession spark = TestSpark.session();
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW greeted USING rustpipe OPTIONS (path '%s', worker '%s', workerArgs '-q')"
            .formatted(manifest, worker("greetings")));

    assertEquals(
        "hello ann, -q run, home unset, concurrency no",
        spark.sql("SELECT text FROM greeted WHERE url = 'ann'").first().getString(0));
  }

  @Test
  void ofSeveralTablesOneHasToBeNamed() throws IOException {
    Path worker = worker("greetings", "farewells");

    assertFailsNaming(
        () -> reader(worker).load(manifest.toString()),
        "option 'table' is needed",
        "greeter 7 has: greetings, farewells");
    assertFailsNaming(
        () -> reader(worker).option("table", "fetches").load(manifest.toString()),
        "no table 'fetches'",
        "greetings, farewells");
    assertEquals(
        2,
        reader(worker)
            .option("table", "Farewells")
            .load(manifest.toString())
            .select("text")
            .collectAsList()
            .size());
  }

  @Test
  void anOptionThatItDoesNotDeclareIsAnError() throws IOException {
    DataFrameReader reader = reader(worker("greetings")).option("greting", "hi");

    assertFailsNaming(
        () -> reader.load(manifest.toString()),
        "unknown option 'greting'",
        "did you mean 'greeting'?");
  }

  @Test
  void aTypeThatNoRowCanHaveIsAnErrorBeforeAnyTask() throws IOException {
    Path unknown = program(SCRIPT.formatted(TABLE.formatted("t", "strng")));
    assertFailsNaming(
        () -> reader(unknown).load(manifest.toString()), "column 'text'", "'strng'", "Spark SQL");

    Path unsupported = program(SCRIPT.formatted(TABLE.formatted("t", "interval day")));
    assertFailsNaming(
        () -> reader(unsupported).load(manifest.toString()), "column 'text'", "interval day");
  }

  @Test
  void aProgramThatIsNotThereIsAnErrorBeforeAnyTask() {
    assertFailsNaming(
        () -> reader(Path.of("/nowhere/worker")).load(manifest.toString()),
        "option 'worker'",
        "there is no worker '/nowhere/worker' on this driver");
  }

  @Test
  void anAdministratorCanForbidIt() throws IOException {
    Path worker = worker("greetings");
    SparkEnv.get().conf().set(FORBIDDEN, "false");
    // What a session says of it does not count.
    TestSpark.session().conf().set(FORBIDDEN, "true");
    try {
      assertFailsNaming(
          () -> reader(worker).load(manifest.toString()), worker.toString(), FORBIDDEN);
      assertTrue(TestSpark.fetches(manifest).columns().length > 0, "the bundled one may run");
    } finally {
      SparkEnv.get().conf().remove(FORBIDDEN);
      TestSpark.session().conf().unset(FORBIDDEN);
    }
  }

  private static DataFrameReader reader(Path worker) {
    return TestSpark.session()
        .read()
        .format("rustpipe")
        .option("worker", worker.toString())
        .option("workerArgs", "-q");
  }

  private Path worker(String... tables) throws IOException {
    var described = List.of(tables).stream().map(name -> TABLE.formatted(name, "string")).toList();
    return program(SCRIPT.formatted(String.join(",", described)));
  }

  private Path program(String script) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "worker", ".sh"), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }
}
