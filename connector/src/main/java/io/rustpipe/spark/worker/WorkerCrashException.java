package io.rustpipe.spark.worker;

/** A worker ended before its work was done, more often than can be mended. */
public final class WorkerCrashException extends WorkerException {

  private static final long serialVersionUID = 1L;

  WorkerCrashException(String what, Phase phase, Account account, InputKey input, Throwable cause) {
    super(what, phase, account, input, cause);
  }
}
