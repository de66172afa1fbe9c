package io.rustpipe.spark.worker;

import java.time.Duration;

/**
 * How long a worker has been silent, dead or deaf while the task thread waited for it. Time in
 * which that thread did anything else does not count.
 */
final class Watch {

  private final Worker worker;
  private final Mailbox mailbox;
  private final Conversation.Time time;

  private boolean alive;
  private long start;
  private long bytesReceived;
  private long silentNanos;
  private long deadNanos;
  private long deafNanos;
  private boolean heldUp;

  Watch(Worker worker, Mailbox mailbox, Conversation.Time time) {
    this.worker = worker;
    this.mailbox = mailbox;
    this.time = time;
  }

  /** The task thread is about to wait. */
  void begin() {
    alive = worker.isAlive();
    start = time.nanos().getAsLong();
  }

  /**
   * The wait that has begun is over.
   *
   * @return how long it took, in nanoseconds
   */
  long end() {
    var waited = time.nanos().getAsLong() - start;
    if (mailbox.bytesReceived() != bytesReceived) {
      bytesReceived = mailbox.bytesReceived();
      silentNanos = 0;
      deadNanos = 0;
    } else {
      silentNanos += waited;
      // Its output may stay open behind it: a child that it left holds the pipe.
      deadNanos = alive ? 0 : deadNanos + waited;
    }
    deafNanos = mailbox.stdinBroken() && alive ? deafNanos + waited : 0;
    // All threads stood still, for a collection or because the machine did: the pumps get a turn to
    // bring what has come meanwhile. One turn, because time that jumps ever again is over as well.
    heldUp = !heldUp && waited > 2 * time.turn().toNanos();
    return waited;
  }

  /** Whether no byte has come from it for longer than this. */
  boolean silentFor(Duration longest) {
    return isOver(silentNanos, longest);
  }

  /** Whether it has been gone, and its output open but silent, for longer than this. */
  boolean deadFor(Duration longest) {
    return isOver(deadNanos, longest);
  }

  /** Whether it lives on with its standard input closed before its time, for longer than this. */
  boolean deafFor(Duration longest) {
    return isOver(deafNanos, longest);
  }

  private boolean isOver(long nanos, Duration longest) {
    return !heldUp && nanos > longest.toNanos();
  }
}
