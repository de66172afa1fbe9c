package io.rustpipe.spark.worker;

import java.io.Serializable;

/**
 * What is known of a worker, for an error message.
 *
 * @param command program and arguments
 * @param ending how it ended; null while it runs
 * @param stderr the last 8 KiB of its standard error as text; empty if it wrote nothing
 */
public record Account(String command, long pid, Ending ending, String stderr)
    implements Serializable {

  /** How it ended, in a few words. */
  String state() {
    return ending == null ? "still running" : "ended with " + ending;
  }

  @Override
  public String toString() {
    return "worker '%s' (pid %d), %s; its stderr %s"
        .formatted(command, pid, state(), stderr.isEmpty() ? "is empty" : "ends with:\n" + stderr);
  }
}
