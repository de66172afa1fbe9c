package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a test lays into its folder: shell scripts that misbehave exactly as it wants, and inputs
 * for them. All processes that come of them have the folder in their command lines.
 *
 * @param folder the test's own
 */
record Programs(Path folder) {

  /**
   * Describes a worker with one table of one column {@code text}, reads {@code open}, and gives the
   * script four words to speak with: {@code greet}; {@code next}, which sets {@code id} and {@code
   * url} of the next input, and says {@code bye} when there is none; {@code row TEXT}, which
   * answers that input; and {@code fail CODE}, which ends it. {@code here} is the test's folder,
   * {@code window} how many inputs the worker takes at once.
   */
  private static final String VOCABULARY =
      """
      here=${0%%/*}
      if [ "$1" = describe ]; then
        echo '{"name":"script","version":"1","protocol":[1],"platform":"any","tables":[{"name":"texts","comment":"Texts",%2$s,"columns":[{"name":"text","type":"%1$s","nullable":true,"comment":"A text","cost":"none"}]}],"filters":[],"options":[],"limits":{"line_in_bytes":1048576,"line_out_bytes":16777216}}'
        exit 0
      fi
      echo $$ >> "$here/started"
      answered=0
      failed=0
      greet() {
        column='{"name":"text","type":"%1$s"}'
        case $open in *'"columns":[]'*) column= ;; esac
        echo '{"type":"hello","version":1,"name":"script","worker_version":"1","columns":['"$column"'],"window":{"inputs":'"${window:-64}"',"bytes":4194304}}'
      }
      next() {
        read -r frame || exit 1
        case $frame in
          *'"type":"end"'*)
            echo "{\\"type\\":\\"bye\\",\\"inputs\\":$((answered + failed)),\\"rows\\":$answered,\\"errors\\":$failed}"
            exit 0 ;;
        esac
        id=${frame#*'"id":'}
        id=${id%%%%[,\\}]*}
        url=${frame#*'"url":"'}
        url=${url%%%%'"'*}
      }
      row() {
        answered=$((answered + 1))
        printf '{"type":"rows","id":%%s,"rows":[[%%s]],"done":{"status":"SUCCEEDED","rows":1}}\\n' "$id" "${column:+\\"$1\\"}"
      }
      fail() {
        failed=$((failed + 1))
        echo "{\\"type\\":\\"error\\",\\"id\\":$id,\\"code\\":\\"$1\\",\\"message\\":\\"not this one\\",\\"retryable\\":false,\\"rows\\":0}"
      }
      read -r open || exit 1
      """;

  /** What the description says of a table with any number of rows for an input. */
  private static final String MANY = "\"rows_per_input\":\"many\"";

  /** Answers every input with its URL, as {@code cat} does it with its lines. */
  static final String ECHO =
      """
      greet
      while next; do
        row "$url"
      done
      """;

  /** A program that knows nothing of frames. {@code here} is the test's folder. */
  Path plain(String script) throws IOException {
    Path file = Files.createTempFile(folder, "program", ".sh");
    Files.writeString(file, "#!/bin/sh\nhere=${0%/*}\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** A worker, as {@link #VOCABULARY} says. */
  Path worker(String script) throws IOException {
    return worker("string", script);
  }

  /** A worker whose column {@code text} has another type. */
  Path worker(String type, String script) throws IOException {
    return worker(type, MANY, script);
  }

  /**
   * A worker whose table is another.
   *
   * @param table what its description says of it beside its name and columns
   */
  Path worker(String type, String table, String script) throws IOException {
    return plain(VOCABULARY.formatted(type, table) + script);
  }

  /** A {@code sleep} that can be told from other tests' by its command line. */
  Path sleep() throws IOException {
    return Files.copy(
        Path.of("/bin/sleep"), folder.resolve("sleep"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  /** A text manifest with the inputs {@code n1}, {@code n2} and so on. */
  Path inputs(int count) throws IOException {
    Path manifest = folder.resolve("inputs-" + count + ".txt");
    return Files.write(manifest, IntStream.rangeClosed(1, count).mapToObj(i -> "n" + i).toList());
  }

  /** How often a worker has been started: not for its description, but to run. */
  int starts() {
    return linesOf("started").size();
  }

  /**
   * The lines that scripts have appended to a file in the folder; none if there is no such file.
   */
  List<String> linesOf(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a script has made a file in the folder. */
  void awaitFile(String name) {
    assertTrue(
        Workers.await(Duration.ofSeconds(60), () -> Files.exists(folder.resolve(name))),
        () -> "no script has made the file " + name);
  }

  /** Reads through the worker, in one task. */
  Dataset<Row> read(Path worker, int inputs) throws IOException {
    return reader(worker).load(inputs(inputs).toString());
  }

  /** What {@code RDD.pipe} does, done here: the same program, which knows nothing of frames. */
  Dataset<Row> lines(Path program, int inputs) throws IOException {
    return reader(program)
        .option("protocol", "lines")
        .schema("text STRING")
        .load(inputs(inputs).toString());
  }

  static DataFrameReader reader(Path worker) {
    return reader(worker.toString());
  }

  /** The same for a worker that is not named by a path. */
  static DataFrameReader reader(String worker) {
    return TestSpark.session()
        .read()
        .format("rustpipe")
        .option("worker", worker)
        .option("partitions", 1);
  }
}
