package io.rustpipe.spark.worker;

/** Starts a worker, as often as one is needed. */
@FunctionalInterface
interface Launcher {

  /**
   * Starts a worker whose input and output go through the mailbox.
   *
   * @param lineLimit the longest line of output, in bytes
   * @throws WorkerStartException if it can't be started
   */
  Worker start(Mailbox mailbox, int lineLimit) throws WorkerStartException;
}
