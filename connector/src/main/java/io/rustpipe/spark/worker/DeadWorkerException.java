package io.rustpipe.spark.worker;

import java.io.IOException;
import java.util.Set;

/** A worker is gone, or has to go, before its work was done. Another can take over. */
final class DeadWorkerException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why an input that is to blame ends. */
  enum Code {
    WORKER_CRASH,
    WORKER_TIMEOUT
  }

  private final Code code;
  private final transient Set<Long> culprits;

  /** A death that nobody is known to blame for. */
  DeadWorkerException(Code code, String what) {
    this(code, what, Set.of());
  }

  /**
   * A death with known culprits.
   *
   * @param culprits ids of the inputs that are to blame
   */
  DeadWorkerException(Code code, String what, Set<Long> culprits) {
    super(what);
    this.code = code;
    this.culprits = Set.copyOf(culprits);
  }

  Code code() {
    return code;
  }

  Set<Long> culprits() {
    return culprits;
  }
}
