package io.rustpipe.spark.worker;

import java.io.IOException;
import java.util.Optional;

/**
 * A worker failed, and with it the task. The first line of the message says what happened and what
 * to do; the lines behind it say all that is known of the worker. All of it survives the way from
 * an executor to the driver.
 */
public abstract sealed class WorkerException extends IOException
    permits InputFailedException,
        ProtocolException,
        WorkerCrashException,
        WorkerStartException,
        WorkerTimeoutException {

  private static final long serialVersionUID = 1L;

  private final Phase phase;
  private final Account account;
  private final InputKey input;

  /**
   * Describes a failure.
   *
   * @param what one line: what happened, and what to do
   * @param account what is known of the worker; null if there is none
   * @param input the input that the failure belongs to; null if there is none
   */
  WorkerException(String what, Phase phase, Account account, InputKey input, Throwable cause) {
    super(message(what, phase, account, input), cause);
    this.phase = phase;
    this.account = account;
    this.input = input;
  }

  private static String message(String what, Phase phase, Account account, InputKey input) {
    var message = new StringBuilder(what);
    message.append("\n  while ").append(phase);
    if (input != null) {
      message.append("\n  ").append(input);
    }
    if (account != null) {
      message.append("\n  ").append(account);
    }
    return message.toString();
  }

  /** What the worker was doing. */
  public Phase phase() {
    return phase;
  }

  /** Command, end and last words of the worker; empty if none was started. */
  public Optional<Account> account() {
    return Optional.ofNullable(account);
  }

  /** The input that the failure belongs to, if it belongs to one. */
  public Optional<InputKey> input() {
    return Optional.ofNullable(input);
  }
}
