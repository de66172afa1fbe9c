package io.rustpipe.spark.worker;

import java.io.IOException;

/**
 * A worker could not be started, ended too early or failed; the message says all that is known of
 * it.
 */
public class WorkerException extends IOException {

  WorkerException(String message) {
    super(message);
  }

  WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
