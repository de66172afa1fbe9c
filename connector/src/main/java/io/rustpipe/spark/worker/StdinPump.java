package io.rustpipe.spark.worker;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Moves queued lines into the worker's standard input. It alone closes that pipe: closing a stream
 * in whose write another thread is blocked hangs the closer too.
 */
final class StdinPump implements Runnable {

  private final Mailbox mailbox;
  private final OutputStream stdin;

  StdinPump(Mailbox mailbox, OutputStream stdin) {
    this.mailbox = mailbox;
    this.stdin = stdin;
  }

  @Override
  public void run() {
    try (stdin) {
      for (var lines = mailbox.take(); !lines.isEmpty(); lines = mailbox.take()) {
        for (var line : lines) {
          stdin.write(line);
        }
        stdin.flush();
      }
    } catch (IOException e) {
      mailbox.stdinBroke();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
