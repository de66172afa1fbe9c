package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rustpipe.spark.RustPipe;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random rows of random columns come back from a worker in Rust as they were. Prints its seed;
 * {@code -Drustpipe.roundTrip.seed} repeats a run.
 */
class RoundTripIT {
  private static final String JAVA_TIME = "spark.sql.datetime.java8API.enabled";
  private static final long SEED =
      Long.getLong("rustpipe.roundTrip.seed", ThreadLocalRandom.current().nextInt());
  private static final int TABLES = 8;
  private static final int ROWS = 60;

  @AfterEach
  void resetSession() {
    TestSpark.session().conf().unset(JAVA_TIME);
    Workers.assertNoneWithinGrace();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void valuesOfEveryTypeComeBackAsTheyWere(boolean javaTime) {
    System.out.println("RoundTripIT: seed " + SEED);
    for (int i = 0; i < TABLES; i++) {
      var random = new RandomTable(SEED + i);
      StructType schema = random.schema();
      List<Row> rows = random.rows(schema, ROWS);
      Dataset<Row> inputs = create(rows, schema);

      List<String> echoed = collect(RustPipe.pipe(inputs, EchoWorker.options(schema)), javaTime);

      assertRows(rows, echoed, "seed " + (SEED + i) + ", " + schema.sql());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keptValuesAreTheRowsOwn(boolean javaTime) {
    System.out.println("RoundTripIT: seed " + SEED);
    for (int i = 0; i < TABLES / 2; i++) {
      var random = new RandomTable(SEED + i);
      StructType schema = random.schema();
      List<Row> rows = random.rows(schema, ROWS);
      var options = new HashMap<>(EchoWorker.options(new StructType()));
      options.put("keep", renamed(schema));

      List<String> kept = collect(RustPipe.pipe(create(rows, schema), options), javaTime);

      assertRows(rows, kept, "seed " + (SEED + i) + ", " + schema.sql());
    }
  }

  private static String renamed(StructType schema) {
    return IntStream.range(0, schema.size())
        .mapToObj(i -> "`" + schema.fieldNames()[i].replace("`", "``") + "` AS k" + i)
        .collect(Collectors.joining(", "));
  }

  /** The rows as they were, beside the two columns for errors, in which there are none. */
  private static void assertRows(List<Row> rows, List<String> found, String where) {
    var expected =
        ValueTexts.of(rows).stream()
            .map(row -> row.substring(0, row.length() - 1) + ", null, null}")
            .sorted()
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", found), where);
  }

  /** Two partitions of rows whose times are of {@code java.time}. */
  private static Dataset<Row> create(List<Row> rows, StructType schema) {
    TestSpark.session().conf().set(JAVA_TIME, true);
    return TestSpark.session().createDataFrame(rows, schema).repartition(2);
  }

  /** Runs the query with the setting, and then looks at what it gave with the exact one. */
  private static List<String> collect(Dataset<Row> query, boolean javaTime) {
    TestSpark.session().conf().set(JAVA_TIME, javaTime);
    Dataset<Row> result = query.localCheckpoint();
    TestSpark.session().conf().set(JAVA_TIME, true);
    return ValueTexts.of(result.toDF().collectAsList()).stream().sorted().toList();
  }
}
