package io.rustpipe.spark.worker;

/** A worker was silent for too long. */
public final class WorkerTimeoutException extends WorkerException {

  private static final long serialVersionUID = 1L;

  WorkerTimeoutException(
      String what, Phase phase, Account account, InputKey input, Throwable cause) {
    super(what, phase, account, input, cause);
  }
}
