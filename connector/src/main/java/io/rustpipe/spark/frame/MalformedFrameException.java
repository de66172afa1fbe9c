package io.rustpipe.spark.frame;

import java.io.IOException;

/** A worker's line is not the JSON that the protocol asks for. */
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int position;

  MalformedFrameException(int position, String reason) {
    super("malformed at byte " + position + ": " + reason);
    this.position = position;
  }

  /** Where reading stopped, in bytes from the frame's first one. */
  public int position() {
    return position;
  }
}
