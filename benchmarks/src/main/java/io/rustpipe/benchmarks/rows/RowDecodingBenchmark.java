package io.rustpipe.benchmarks.rows;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * From a frame's bytes to values read: all columns, as Spark's generated code reads them. Rows a
 * second, and the frames' bytes a second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(Frames.ROWS_PER_FRAME)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class RowDecodingBenchmark {
  private final byte[][] frames = Frames.generate();
  private final FrameRows<InternalRow> unsafeRows = new UnsafeRows();
  private final FrameRows<ColumnarBatch> columnarBatches = new ColumnarBatches();
  private final FrameRows<InternalRow> jacksonRows = new JacksonRows();
  private int frame;

  /** What JMH counts beside the rows. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    /** Bytes of the frames that were read. */
    public long bytes;
  }

  /** The connector's decoder. */
  @Benchmark
  public void unsafeRow(Blackhole blackhole, Volume volume) throws IOException {
    consumeRows(unsafeRows, blackhole, volume);
  }

  /** Jackson's tokens into unsafe rows. */
  @Benchmark
  public void jackson(Blackhole blackhole, Volume volume) throws IOException {
    consumeRows(jacksonRows, blackhole, volume);
  }

  /** A columnar batch per frame. */
  @Benchmark
  public void columnar(Blackhole blackhole, Volume volume) throws IOException {
    columnarBatches.begin(nextFrame(volume));
    while (columnarBatches.next()) {
      ColumnarBatch batch = columnarBatches.get();
      for (int row = 0; row < batch.numRows(); row++) {
        consumeLong(batch.column(0), row, blackhole);
        consumeString(batch.column(1), row, blackhole);
        consumeString(batch.column(2), row, blackhole);
        consumeString(batch.column(3), row, blackhole);
        consumeLong(batch.column(4), row, blackhole);
        blackhole.consume(batch.column(5).isNullAt(row) ? 0 : batch.column(5).getInt(row));
        consumeLong(batch.column(6), row, blackhole);
        consumeString(batch.column(7), row, blackhole);
        consumeString(batch.column(8), row, blackhole);
      }
    }
  }

  private void consumeRows(FrameRows<InternalRow> rows, Blackhole blackhole, Volume volume)
      throws IOException {
    rows.begin(nextFrame(volume));
    while (rows.next()) {
      InternalRow row = rows.get();
      consumeLong(row, 0, blackhole);
      consumeString(row, 1, blackhole);
      consumeString(row, 2, blackhole);
      consumeString(row, 3, blackhole);
      consumeLong(row, 4, blackhole);
      blackhole.consume(row.isNullAt(5) ? 0 : row.getInt(5));
      consumeLong(row, 6, blackhole);
      consumeString(row, 7, blackhole);
      consumeString(row, 8, blackhole);
    }
  }

  private byte[] nextFrame(Volume volume) {
    frame = (frame + 1) % frames.length;
    volume.bytes += frames[frame].length;
    return frames[frame];
  }

  private static void consumeLong(InternalRow row, int column, Blackhole blackhole) {
    blackhole.consume(row.isNullAt(column) ? 0 : row.getLong(column));
  }

  private static void consumeLong(ColumnVector column, int row, Blackhole blackhole) {
    blackhole.consume(column.isNullAt(row) ? 0 : column.getLong(row));
  }

  private static void consumeString(InternalRow row, int column, Blackhole blackhole) {
    blackhole.consume(row.isNullAt(column) ? null : row.getUTF8String(column));
  }

  private static void consumeString(ColumnVector column, int row, Blackhole blackhole) {
    blackhole.consume(column.isNullAt(row) ? null : column.getUTF8String(row));
  }
}
