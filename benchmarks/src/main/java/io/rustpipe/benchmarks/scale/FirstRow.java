package io.rustpipe.benchmarks.scale;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Time between Spark's launch of a task and the task's first row. */
final class FirstRow {
  private static final int PATIENCE_SECONDS = 60;

  /** When a task saw its first row, in milliseconds since the epoch; tasks run in this JVM. */
  private static final BlockingQueue<Long> FIRST_ROWS = new ArrayBlockingQueue<>(1);

  private final BlockingQueue<Long> launches = new ArrayBlockingQueue<>(16);

  FirstRow(SparkSession spark) {
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskStart(SparkListenerTaskStart start) {
                launches.add(start.taskInfo().launchTime());
              }
            });
  }

  /** Of a query with one task that has a row. */
  double millis(Dataset<Row> oneRow) throws InterruptedException {
    launches.clear();
    oneRow
        .coalesce(1)
        .foreachPartition(
            (ForeachPartitionFunction<Row>)
                rows -> {
                  rows.next();
                  FIRST_ROWS.add(System.currentTimeMillis());
                });
    return (double) (take(FIRST_ROWS) - take(launches));
  }

  private static long take(BlockingQueue<Long> times) throws InterruptedException {
    var time = times.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (time == null) {
      throw new IllegalStateException("no task within %d s".formatted(PATIENCE_SECONDS));
    }
    return time;
  }
}
