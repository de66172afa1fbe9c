package io.rustpipe.it;

import static org.apache.spark.sql.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code examples/}, started as their pages tell a user to. */
class ExampleWorkersIT {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("rustpipe.root"), "examples").toAbsolutePath().normalize();

  @TempDir Path folder;

  @AfterEach
  void nothingIsLeft() {
    Workers.assertNoneWithinGrace();
  }

  @Test
  void bashCountsTheWordsOfEachLine() throws IOException {
    List<Row> counts =
        lineStats()
            .load(text("the quick brown fox\n\nschöne Grüße").toString())
            .orderBy("characters")
            .collectAsList();

    assertEquals(
        List.of("[0,0,0]", "[2,12,6]", "[4,19,5]"), counts.stream().map(Row::toString).toList());
  }

  @Test
  void bashAnswersEveryLineOfAnyTask() throws IOException {
    Row sums =
        lineStats()
            .option("partitions", 3)
            .load(text("two words\n".repeat(300)).toString())
            .agg(sum("words"), sum("characters"))
            .first();

    assertEquals("[600,2700]", sums.toString());
  }

  private static DataFrameReader lineStats() {
    return TestSpark.session()
        .read()
        .format("rustpipe")
        .option("protocol", "lines")
        .option("worker", EXAMPLES.resolve("bash/line-stats.sh").toString())
        .option("linesPerInput", 1)
        .option("mode", "FAILFAST")
        .schema("words INT, characters INT, longest INT");
  }

  private Path text(String content) throws IOException {
    return Files.writeString(folder.resolve("in.txt"), content);
  }
}
