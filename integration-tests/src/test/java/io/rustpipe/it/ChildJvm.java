package io.rustpipe.it;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM beside the test's, for what a test's own JVM would not survive.
 *
 * @param output what it writes, errors included
 */
record ChildJvm(Process process, Path output) implements AutoCloseable {

  /** The command that runs a class with this JVM's class path, and with what Spark needs of it. */
  static List<String> command(List<String> flags, String main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(sparkFlags());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The flags that Spark needs are those that this JVM has got. */
  static List<String> sparkFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .toList();
  }

  static ChildJvm start(Path folder, List<String> flags, Class<?> main, String... arguments)
      throws IOException {
    Path output = Files.createTempFile(folder, main.getSimpleName(), ".out");
    return new ChildJvm(
        new ProcessBuilder(command(flags, main.getName(), arguments))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  int awaitExit(Duration longest) throws InterruptedException {
    if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the JVM doesn't end:\n" + said());
    }
    return process.exitValue();
  }

  String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Kills it, as {@code kill -9} does. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
