package io.rustpipe.spark.worker;

/** What a worker was doing when it failed. */
public enum Phase {
  /** It was being started. */
  START("being started"),
  /** It was asked what it offers. */
  DESCRIBE("describing itself"),
  /** It had been told what is wanted and had not greeted yet. */
  HELLO("greeting"),
  /** It was working on inputs. */
  RUN("working on inputs"),
  /** All inputs had ended. */
  END("ending");

  private final String words;

  Phase(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
