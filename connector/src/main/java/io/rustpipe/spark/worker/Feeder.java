package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Open.Window;
import java.io.IOException;
import java.util.Objects;

/**
 * The way of inputs to the worker: as many as the window and the outbox have room for, and {@code
 * end} behind the last.
 */
final class Feeder<T> {

  private final WorkerSession.Inputs<T> inputs;
  private final Pendings<T> pendings;
  private final Mailbox mailbox;

  private WorkerInput<T> nextInput;
  private byte[] nextFrame;
  private WorkerEvent<T> refused;
  private boolean inputsEnded;
  private boolean endSent;

  Feeder(
      WorkerInput<T> first, WorkerSession.Inputs<T> inputs, Pendings<T> pendings, Mailbox mailbox) {
    this.nextInput = first;
    this.inputs = inputs;
    this.pendings = pendings;
    this.mailbox = mailbox;
  }

  /** Sends what there is room for; stops at an input that can't be sent. */
  void feed(Window window) throws IOException {
    while (!endSent && refused == null && mailbox.hasRoom()) {
      if (nextFrame == null && !inputsEnded) {
        takeInput();
      } else if (inputsEnded) {
        mailbox.send(Frames.end());
        mailbox.endOutbox();
        endSent = true;
      } else if (pendings.hasRoom(window, bytesOf(nextFrame))) {
        pendings.add(new Pending<>(pendings.nextId(), nextInput, bytesOf(nextFrame)));
        mailbox.send(nextFrame);
        nextInput = null;
        nextFrame = null;
      } else {
        return;
      }
    }
  }

  /** Makes the next input's frame. One that is too long ends here: a worker need not take it. */
  private void takeInput() throws IOException {
    if (nextInput == null) {
      nextInput = inputs.next();
    }
    if (nextInput == null) {
      inputsEnded = true;
      return;
    }
    var frame = Frames.in(pendings.nextId(), nextInput.url(), nextInput.integrity());
    if (bytesOf(frame) <= Limits.DEFAULT_LINE_IN_BYTES) {
      nextFrame = frame;
      return;
    }
    refused = tooLong(nextInput, bytesOf(frame));
    nextInput = null;
  }

  private static <T> WorkerEvent<T> tooLong(WorkerInput<T> input, int bytes) {
    var url = Objects.requireNonNullElse(input.url(), "");
    var integrity = Objects.requireNonNullElse(input.integrity(), "");
    var byUrl = url.length() >= integrity.length();
    var message =
        "an input of %,d bytes is longer than the limit of %,d bytes; its %s begins: %s"
            .formatted(
                bytes,
                Limits.DEFAULT_LINE_IN_BYTES,
                byUrl ? "URL" : "expected integrity",
                (byUrl ? url : integrity).substring(0, BrokenLineException.SHOWN_BYTES));
    return new WorkerEvent.Failed<>(input, 0, byUrl ? "BAD_URL" : "BAD_INPUT", message);
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
    return nextFrame != null && pendings.hasRoom(window, bytesOf(nextFrame));
  }

  boolean endSent() {
    return endSent;
  }

  /** A line's bytes as the protocol counts them, without the line feed. */
  private static int bytesOf(byte[] frame) {
    return frame.length - 1;
  }
}
