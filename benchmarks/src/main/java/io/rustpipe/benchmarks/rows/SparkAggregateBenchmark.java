package io.rustpipe.benchmarks.rows;

import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A Spark aggregate over all columns, {@code local[2]}, per row. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(
    SparkAggregateBenchmark.PARTITIONS
        * SparkAggregateBenchmark.FRAMES_PER_PARTITION
        * Frames.ROWS_PER_FRAME)
@Warmup(iterations = 6, time = 5)
@Measurement(iterations = 6, time = 5)
@Fork(3)
public class SparkAggregateBenchmark {
  static final int PARTITIONS = 2;
  static final int FRAMES_PER_PARTITION = 1000;

  /** How frames become rows. */
  @Param public FrameSource.Decoder decoder;

  private SparkSession spark;

  /** Starts Spark. */
  @Setup
  public void start() {
    spark =
        SparkSession.builder()
            .master("local[" + PARTITIONS + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  /** Stops Spark. */
  @TearDown
  public void stop() {
    spark.stop();
  }

  /** Reads every column of every row. */
  @Benchmark
  public Row aggregate() {
    return spark
        .read()
        .format(FrameSource.class.getName())
        .option("decoder", decoder.name())
        .option("partitions", PARTITIONS)
        .option("frames", FRAMES_PER_PARTITION)
        .load()
        .selectExpr(
            "sum(entry_index)",
            "max(path)",
            "max(relative_path)",
            "max(entry_type)",
            "sum(size)",
            "max(mode)",
            "max(mtime)",
            "max(link_target)",
            "max(sha256)")
        .first();
  }
}
