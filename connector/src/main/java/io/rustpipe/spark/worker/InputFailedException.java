package io.rustpipe.spark.worker;

/** An input ended in an error, and the mode is FAILFAST. */
public final class InputFailedException extends WorkerException {

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * The end of the query.
   *
   * @param code one of the protocol's closed list of error codes
   */
  public InputFailedException(InputKey input, String code, String message) {
    super(
        "%s: %s: %s (mode is FAILFAST; PERMISSIVE makes it a row)"
            .formatted(input.key() == null ? input : input.key(), code, message),
        Phase.RUN,
        null,
        input,
        null);
    this.code = code;
  }

  /** One of the protocol's closed list of error codes. */
  public String code() {
    return code;
  }
}
