package io.rustpipe.spark.worker;

import java.io.Closeable;
import java.time.Duration;

/** A worker that has been started, bound to a {@link Mailbox}. Its caller knows no process. */
interface Worker extends Closeable {

  long pid();

  boolean isAlive();

  /** Waits for the worker's own end; false if it is still there after the time. */
  boolean waitFor(Duration longest);

  /** What is known of the worker. Waits a little for one that is about to end. */
  Account account();

  /** Ends the worker and all that it started, within two seconds. May be called twice. */
  @Override
  void close();
}
