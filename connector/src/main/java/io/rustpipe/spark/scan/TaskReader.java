package io.rustpipe.spark.scan;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;

/**
 * One task, whichever protocol its worker speaks. The worker is started with the first input and is
 * gone when the last row has been read, because Spark may close a reader much later.
 *
 * @param <S> the session with the worker
 */
abstract class TaskReader<S extends Closeable> implements PartitionReader<InternalRow> {

  private final Closeable manifest;
  private final Integer limit;

  private volatile S session;
  private volatile boolean closed;
  private InternalRow row;
  private long rows;
  private boolean finished;

  /**
   * A reader that has started nothing yet.
   *
   * @param manifest is closed with the reader
   * @param limit rows after which the task may stop; null for all
   */
  TaskReader(Closeable manifest, Integer limit) {
    this.manifest = manifest;
    this.limit = limit;
  }

  /** Starts the worker with the first input; null if there is none. */
  abstract S start() throws IOException;

  /** The next row; null behind the last. */
  abstract InternalRow read() throws IOException, InterruptedException;

  /** The session with the worker; null if none has been started. */
  final S session() {
    return session;
  }

  @Override
  public final boolean next() throws IOException {
    if (finished || (limit != null && rows >= limit)) {
      close();
      return false;
    }
    try {
      row = isStarted() ? read() : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("the task was interrupted while it waited for its worker");
    } catch (CancellationException e) {
      throw new TaskKilledException("the task was cancelled while it waited for its worker");
    }
    if (row == null) {
      finished = true;
      close();
      return false;
    }
    rows++;
    return true;
  }

  /** Whether there is a worker to read from; starts it if need be. */
  private boolean isStarted() throws IOException {
    if (session == null) {
      session = start();
      if (session != null && closed) {
        // Some of Spark's consumers read on one thread and close on another.
        session.close();
        return false;
      }
    }
    return session != null;
  }

  @Override
  public final InternalRow get() {
    return row;
  }

  @Override
  public final void close() throws IOException {
    closed = true;
    try (manifest) {
      if (session != null) {
        session.close();
      }
    }
  }
}
