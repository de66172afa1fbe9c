package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Open.Window;
import java.io.IOException;

/**
 * The way of inputs to the worker: as many as the window and the outbox have room for, those that
 * are sent again first, and {@code end} behind the last.
 */
final class Feeder<T> {

  private final WorkerSession.Inputs<T> inputs;
  private final Pendings<T> pendings;
  private final Recovery<T> recovery;

  private WorkerInput<T> first;
  private Letter<T> letter;
  private Letter<T> fresh;
  private WorkerEvent<T> refused;
  private boolean inputsEnded;
  private boolean endSent;

  /** An input and its frame, ready to be sent. */
  private static final class Letter<T> {
    private final Pending<T> pending;
    private final byte[] frame;

    Letter(Pending<T> pending) {
      var input = pending.input();
      this.pending = pending;
      this.frame = Frames.in(pending.id(), input.json(), pending.resume());
    }

    /** Its length as the protocol counts it, without the line feed. */
    int bytes() {
      return frame.length - 1;
    }

    boolean isTooLong() {
      return bytes() > Limits.DEFAULT_LINE_IN_BYTES;
    }
  }

  Feeder(
      WorkerInput<T> first,
      WorkerSession.Inputs<T> inputs,
      Pendings<T> pendings,
      Recovery<T> recovery) {
    this.first = first;
    this.inputs = inputs;
    this.pendings = pendings;
    this.recovery = recovery;
  }

  /** Another worker takes over, and has been told nothing. */
  void restart() {
    letter = null;
    endSent = false;
  }

  /** Sends what there is room for; stops at an input that can't be sent. */
  void feed(Mailbox mailbox, Window window) throws IOException {
    while (!endSent && refused == null && mailbox.hasRoom()) {
      if (letter == null) {
        letter = nextLetter();
      }
      if (refused != null) {
        return;
      }
      if (letter == null) {
        mailbox.send(Frames.end());
        mailbox.endOutbox();
        endSent = true;
      } else if (hasRoom(window)) {
        if (letter.pending.attempts() == 0) {
          fresh = null;
        }
        pendings.send(letter.pending, letter.bytes());
        mailbox.send(letter.frame);
        letter = null;
      } else {
        return;
      }
    }
  }

  private boolean hasRoom(Window window) {
    return recovery.oneAtATime() ? pendings.size() == 0 : pendings.hasRoom(window, letter.bytes());
  }

  /** What comes next, sent again or for the first time; null if there is nothing more. */
  private Letter<T> nextLetter() throws IOException {
    var replay = pendings.nextReplay();
    if (replay != null) {
      return again(replay);
    }
    if (fresh == null && !inputsEnded) {
      fresh = fresh();
    }
    return fresh;
  }

  private Letter<T> again(Pending<T> pending) {
    var again = new Letter<>(pending);
    if (!again.isTooLong()) {
      return again;
    }
    pendings.dropReplay();
    var message =
        "the worker crashed after %d rows of this input, and with its resume token its frame of %,d bytes is longer than the limit of %,d bytes"
            .formatted(pending.rows(), again.bytes(), Limits.DEFAULT_LINE_IN_BYTES);
    refused =
        new WorkerEvent.Failed<>(
            pending.id(), pending.input(), pending.rows(), "WORKER_CRASH", message);
    return null;
  }

  /** Makes the next input's frame. One that is too long ends here: a worker need not take it. */
  private Letter<T> fresh() throws IOException {
    var input = first != null ? first : inputs.next();
    first = null;
    if (input == null) {
      inputsEnded = true;
      return null;
    }
    var made = new Letter<>(pendings.begin(input));
    if (!made.isTooLong()) {
      return made;
    }
    refused = tooLong(made);
    return null;
  }

  private static <T> WorkerEvent<T> tooLong(Letter<T> letter) {
    var input = letter.pending.input();
    var message =
        "an input of %,d bytes is longer than the limit of %,d bytes; it begins: %s"
            .formatted(
                letter.bytes(),
                Limits.DEFAULT_LINE_IN_BYTES,
                input.json().substring(0, BrokenLineException.SHOWN_BYTES));
    return new WorkerEvent.Failed<>(letter.pending.id(), input, 0, "BAD_INPUT", message);
  }

  /** An input that ended without being sent, once; null if there is none. */
  WorkerEvent<T> pollRefused() {
    var event = refused;
    refused = null;
    return event;
  }

  boolean hasRefused() {
    return refused != null;
  }

  /** Is there an input that only the outbox has no room for? */
  boolean waitsForOutbox(Window window) {
    return letter != null && hasRoom(window);
  }

  boolean endSent() {
    return endSent;
  }
}
