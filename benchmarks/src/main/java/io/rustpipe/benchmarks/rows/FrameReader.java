package io.rustpipe.benchmarks.rows;

import java.io.IOException;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Reads a number of frames, the same ones over and over. */
final class FrameReader<T> implements PartitionReader<T> {
  private static final byte[][] FRAMES = Frames.generate();

  private final FrameRows<T> rows;
  private final int frames;
  private int begun;

  FrameReader(FrameRows<T> rows, int frames) {
    this.rows = rows;
    this.frames = frames;
  }

  @Override
  public boolean next() throws IOException {
    while (begun == 0 || !rows.next()) {
      if (begun == frames) {
        return false;
      }
      rows.begin(FRAMES[begun % FRAMES.length]);
      begun++;
    }
    return true;
  }

  @Override
  public T get() {
    return rows.get();
  }

  @Override
  public void close() {}
}
