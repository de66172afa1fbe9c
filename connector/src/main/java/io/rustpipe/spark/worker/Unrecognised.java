package io.rustpipe.spark.worker;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that no machine can run by itself.
 *
 * @param why what it is instead, and what to do
 */
record Unrecognised(String why) implements Executable {

  private static final int SHOWN_BYTES = 8;
  private static final int LOOKED_AT_BYTES = 512;

  /** A program whose end is missing. */
  static Unrecognised cut(String how) {
    return new Unrecognised(
        "is a program that was cut off or damaged: %s; copy it again".formatted(how));
  }

  static Unrecognised of(byte[] first) {
    if (first.length == 0) {
      return new Unrecognised("is an empty file: copy it again");
    }
    if (Executable.startsWith(first, 0xef, 0xbb, 0xbf, '#', '!')) {
      return new Unrecognised(
          "is a script with a byte order mark before its '#!': save it without one");
    }
    if (Executable.startsWith(first, 0xca, 0xfe, 0xba, 0xbe)) {
      return new Unrecognised("is a Java class and no program: name a script that starts java");
    }
    if (isText(first)) {
      return new Unrecognised(
          "is a text whose first line does not say what it is for: if it is a script, begin it with"
              + " a line such as #!/bin/sh");
    }
    return new Unrecognised(
        "is no program that this connector knows, it begins with the bytes %s: name an executable or a script"
            .formatted(
                HexFormat.ofDelimiter(" ")
                    .formatHex(first, 0, Math.min(SHOWN_BYTES, first.length))));
  }

  private static boolean isText(byte[] first) {
    var looked = Arrays.copyOf(first, Math.min(LOOKED_AT_BYTES, first.length));
    for (var b : looked) {
      var isControl = b >= 0 && b < ' ';
      if (isControl && b != '\t' && b != '\n' && b != '\r' && b != '\f') {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<String> obstacle(Machine machine) {
    return Optional.of(why);
  }
}
