package io.rustpipe.it;

import java.nio.file.Path;

/**
 * The program of a {@link ChildJvm}: sends one input through a program in a local Spark. Arguments:
 * {@code pipe} for {@code RDD.pipe} or {@code read} for the data source, the program, and for the
 * latter the manifest.
 */
final class ChildQuery {
  private ChildQuery() {}

  public static void main(String[] arguments) {
    Path program = Path.of(arguments[1]);
    if (arguments[0].equals("pipe")) {
      RddPipe.pipe(program, 1).count();
    } else {
      Programs.reader(program).load(arguments[2]).count();
    }
  }
}
