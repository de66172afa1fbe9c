package io.rustpipe.spark.worker;

import java.io.File;
import java.util.stream.Stream;

/**
 * Where a program is to run, as far as it decides whether it can.
 *
 * @param side whose machine it is
 * @param searchPath the {@code PATH} that the program gets; null for none
 */
record Machine(Side side, Platform platform, String searchPath) {

  /** What programs are looked for in without a {@code PATH}. */
  private static final String DEFAULT_SEARCH_PATH = "/bin:/usr/bin";

  /** The part of Spark that a machine plays. */
  enum Side {
    DRIVER,
    EXECUTOR;

    @Override
    public String toString() {
      return this == DRIVER ? "driver" : "executor";
    }
  }

  /** The machine that this JVM is on. */
  static Machine here(Side side, String searchPath) {
    return new Machine(side, Platform.current(), searchPath);
  }

  /** Why a program for other machines can't run here, and what to do. */
  String foreign(String what) {
    return "is %s, this %s is %s: build it for %s, or take the one for that platform"
        .formatted(what, side, platform.title(), platform.target());
  }

  /** Whether there is such a file. What a header names may be no path at all. */
  boolean has(String file) {
    return new File(file).exists();
  }

  /** Whether the name alone is enough to start the program. */
  boolean finds(String program) {
    if (program.contains("/")) {
      return has(program);
    }
    var folders = (searchPath == null ? DEFAULT_SEARCH_PATH : searchPath).split(File.pathSeparator);
    return Stream.of(folders).anyMatch(folder -> new File(folder, program).canExecute());
  }
}
