package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queues between the task thread and the pumps. They share one lock, so that the task
 * thread can wait for one condition: something came in, there is room to send, or the output has
 * ended.
 *
 * <p>Methods of the task thread never block, but for {@link #await}. Methods of the pumps do.
 */
final class Mailbox {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition forTask = lock.newCondition();
  private final Condition forStdin = lock.newCondition();
  private final Condition forStdout = lock.newCondition();

  private final ArrayDeque<byte[]> outbox = new ArrayDeque<>();
  private int outboxBytes;
  private boolean outboxClosed;

  private final ArrayDeque<Lines> inbox = new ArrayDeque<>();
  private int inboxBytes;
  private boolean inboxEnded;
  private IOException inboxFailure;
  private Lines unended;

  private boolean stdinBroken;
  private boolean outboxWritten;
  private boolean abandoned;
  private long bytesReceived;

  // The task thread's side.

  boolean hasRoom() {
    lock.lock();
    try {
      return outboxBytes < Limits.DEFAULT_OUTBOX_BYTES;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues a line; the caller has asked {@link #hasRoom} before, and a line may exceed the room
   * that is left.
   */
  void send(byte[] line) {
    lock.lock();
    try {
      outbox.add(line);
      outboxBytes += line.length;
      forStdin.signal();
    } finally {
      lock.unlock();
    }
  }

  /** No line comes after those that are queued: the stdin pump closes the pipe behind them. */
  void endOutbox() {
    lock.lock();
    try {
      outboxClosed = true;
      forStdin.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The next lines; null if none are here. */
  Lines poll() {
    lock.lock();
    try {
      var lines = inbox.poll();
      if (lines != null) {
        inboxBytes -= lines.length();
        forStdout.signal();
      }
      return lines;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the worker's output ended, with nothing left to {@link #poll}?
   *
   * @throws IOException what the stdout pump failed with
   */
  boolean ended() throws IOException {
    lock.lock();
    try {
      if (inbox.isEmpty() && inboxFailure != null) {
        throw inboxFailure;
      }
      return inbox.isEmpty() && inboxEnded;
    } finally {
      lock.unlock();
    }
  }

  /** What has come behind the last line feed until now; null if nothing has. */
  Lines unended() {
    lock.lock();
    try {
      return unended == null || unended.length() == 0 ? null : unended;
    } finally {
      lock.unlock();
    }
  }

  /** Has the worker closed its standard input, with lines for it still queued? */
  boolean stdinBroken() {
    lock.lock();
    try {
      return stdinBroken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all lines up to the end of the outbox have been written to the worker's standard
   * input.
   *
   * @return false if it doesn't take them, or not within the time
   */
  boolean awaitOutboxWritten(long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var nanos = TimeUnit.MILLISECONDS.toNanos(millis);
      while (nanos > 0 && !outboxWritten && !stdinBroken) {
        nanos = forTask.awaitNanos(nanos);
      }
      return outboxWritten;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that have come from the worker: while this number grows, the worker is not silent. */
  long bytesReceived() {
    lock.lock();
    try {
      return bytesReceived;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until lines are here, the output has ended or, if asked for, there is room to send. */
  void await(boolean orRoom, long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var nanos = TimeUnit.MILLISECONDS.toNanos(millis);
      while (nanos > 0
          && inbox.isEmpty()
          && !inboxEnded
          && !(orRoom && outboxBytes < Limits.DEFAULT_OUTBOX_BYTES)) {
        nanos = forTask.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nobody listens any more: the stdin pump closes its pipe at once, the stdout pump reads on into
   * nothing.
   */
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      outbox.clear();
      outboxClosed = true;
      inbox.clear();
      inboxBytes = 0;
      forStdin.signal();
      forStdout.signal();
    } finally {
      lock.unlock();
    }
  }

  // The pumps' side.

  /** All lines that are queued, waiting for at least one; empty when no more will come. */
  List<byte[]> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (outbox.isEmpty() && !outboxClosed) {
        forStdin.await();
      }
      var lines = new ArrayList<>(outbox);
      outbox.clear();
      outboxBytes = 0;
      // The pump is back for more only when it has written all that it took before.
      outboxWritten = lines.isEmpty() && !abandoned;
      forTask.signal();
      return lines;
    } finally {
      lock.unlock();
    }
  }

  /** The worker doesn't take any more lines. */
  void stdinBroke() {
    lock.lock();
    try {
      stdinBroken = true;
      forTask.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Counts bytes as they come, whole lines or not.
   *
   * @param rest what stands behind the last line feed, which may be nothing: a process that is gone
   *     can leave its output open, and nobody then says that this was its last line
   */
  void received(int bytes, Lines rest) {
    lock.lock();
    try {
      bytesReceived += bytes;
      unended = rest;
    } finally {
      lock.unlock();
    }
  }

  /** Hands lines to the task thread, waiting for room. */
  void deliver(Lines lines) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inboxBytes >= Limits.DEFAULT_INBOX_BYTES && !abandoned) {
        forStdout.await();
      }
      if (!abandoned) {
        inbox.add(lines);
        inboxBytes += lines.length();
        forTask.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The worker's output has ended.
   *
   * @param failure why it could not be read on; null at a proper end
   */
  void endInbox(IOException failure) {
    lock.lock();
    try {
      inboxEnded = true;
      inboxFailure = failure;
      forTask.signal();
    } finally {
      lock.unlock();
    }
  }
}
