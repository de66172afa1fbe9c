package io.rustpipe.it;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What Spark itself offers for a program between rows: the contrast to what is tested here. */
final class RddPipe {
  /** Where a task thread is that waits for a piped program. */
  static final String CODE = "org.apache.spark.rdd.PipedRDD";

  private RddPipe() {}

  /** The inputs {@code n1}, {@code n2} and so on, through the program in one task. */
  static JavaRDD<String> pipe(Path program, int inputs) {
    return numbers(inputs, 1).map(number -> "n" + number).pipe(program.toString());
  }

  /** Tasks without any input, each with the program. */
  static JavaRDD<String> pipeNothing(Path program, int tasks) {
    return numbers(0, tasks).map(String::valueOf).pipe(program.toString());
  }

  private static JavaRDD<Integer> numbers(int count, int tasks) {
    return context().parallelize(IntStream.rangeClosed(1, count).boxed().toList(), tasks);
  }

  /** The inputs through SQL's {@code TRANSFORM}, which gives one column of this type. */
  static Dataset<Row> transform(Path program, int inputs, String type) {
    var session = TestSpark.session();
    // How long it waits for a program that has closed its output: ten times less than by default.
    session.conf().set("spark.sql.scriptTransformation.exitTimeoutInSeconds", 1);
    session
        .range(1, inputs + 1, 1, 1)
        .selectExpr("concat('n', id) AS url")
        .createOrReplaceTempView("inputs_of_transform");
    return session.sql(
        "SELECT TRANSFORM (url) USING '%s' AS (text %s) FROM inputs_of_transform"
            .formatted(program, type));
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
  }
}
