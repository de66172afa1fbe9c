package io.rustpipe.spark.worker;

/** A worker broke the protocol; the message shows the beginning of the line that did. */
public final class ProtocolException extends WorkerException {

  private static final long serialVersionUID = 1L;

  ProtocolException(String what, Phase phase, Account account, InputKey input, Throwable cause) {
    super(what, phase, account, input, cause);
  }
}
