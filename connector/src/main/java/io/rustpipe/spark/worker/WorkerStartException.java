package io.rustpipe.spark.worker;

/** A worker could not be started, or ended before it greeted. */
public final class WorkerStartException extends WorkerException {

  private static final long serialVersionUID = 1L;

  WorkerStartException(String what, Phase phase, Account account, InputKey input, Throwable cause) {
    super(what, phase, account, input, cause);
  }
}
