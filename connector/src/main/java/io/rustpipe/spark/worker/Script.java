package io.rustpipe.spark.worker;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A text whose first line names the program that understands it.
 *
 * @param interpreter that program
 * @param argument what stands behind it in the line; empty for nothing
 * @param endsWithReturn whether the line ends as lines do on Windows
 */
record Script(String interpreter, String argument, boolean endsWithReturn) implements Executable {

  static boolean begins(byte[] first) {
    return Executable.startsWith(first, '#', '!');
  }

  static Script read(byte[] first) {
    var text = new String(first, StandardCharsets.UTF_8);
    var line = text.substring(2).split("[\n\0]", 2)[0];
    var words = line.strip().split("[ \t]+", 2);
    return new Script(words[0], words.length > 1 ? words[1] : "", line.endsWith("\r"));
  }

  @Override
  public Optional<String> obstacle(Machine machine) {
    return Optional.ofNullable(why(machine));
  }

  private String why(Machine machine) {
    if (endsWithReturn) {
      return "is a script whose lines end as on Windows, so that the interpreter is looked for as '%s\\r': convert it, for example with dos2unix"
          .formatted(interpreter);
    }
    if (interpreter.isEmpty()) {
      return "is a script that names no interpreter behind '#!': write it there, such as #!/bin/sh";
    }
    if (!interpreter.startsWith("/")) {
      return "is a script for the interpreter '%s', which is no absolute path: write that into its first line, or #!/usr/bin/env %s"
          .formatted(interpreter, interpreter);
    }
    if (!machine.has(interpreter)) {
      return "is a script for the interpreter '%s', which this %s does not have: install it there, or name another one in the first line"
          .formatted(interpreter, machine.side());
    }
    if (!new File(interpreter).canExecute()) {
      return "is a script for the interpreter '%s', which may not be executed on this %s: chmod +x '%s'"
          .formatted(interpreter, machine.side(), interpreter);
    }
    var wanted = wantedOfEnv();
    if (wanted != null && !machine.finds(wanted)) {
      return "is a script for '%s', which is nowhere on the PATH that a worker gets on this %s (%s): install it there, or set PATH with option 'workerEnv'%s"
          .formatted(
              wanted,
              machine.side(),
              machine.searchPath(),
              wanted.contains(" ") ? "; with arguments it takes '#!/usr/bin/env -S'" : "");
    }
    return null;
  }

  /**
   * What {@code env} is to look for. The kernel hands it all behind its name as one argument, and
   * only {@code -S} makes it take that apart. Null if it is not for {@code env}, or can't be told.
   */
  private String wantedOfEnv() {
    if (!interpreter.endsWith("/env") || argument.isEmpty()) {
      return null;
    }
    if (!argument.startsWith("-")) {
      return argument.contains("=") ? null : argument;
    }
    return argument.startsWith("-S")
        ? Stream.of(argument.substring(2).strip().split("[ \t]+"))
            .filter(word -> !word.contains("="))
            .findFirst()
            .filter(word -> !word.startsWith("-"))
            .orElse(null)
        : null;
  }
}
