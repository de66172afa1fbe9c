package io.rustpipe.benchmarks;

/** What the scripts hand over in environment variables. */
public final class Environment {
  private Environment() {}

  public static String text(String name) {
    var value = System.getenv(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "the variable %s is not set; start this with its script in benchmarks/".formatted(name));
    }
    return value;
  }

  public static int number(String name) {
    return Integer.parseInt(text(name));
  }
}
