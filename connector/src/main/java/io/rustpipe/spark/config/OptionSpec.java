package io.rustpipe.spark.config;

import java.util.Map;
import java.util.Optional;

/**
 * The declaration of one option.
 *
 * @param type what may be written, for the documentation
 * @param defaultValue the value where none is given, or null if that is not one value
 * @param whenAbsent what happens where none is given and there is no default value, for the
 *     documentation
 * @param description one sentence or two, for the documentation
 * @param secret whether its value is shown nowhere
 * @param <T> the type of a value
 */
record OptionSpec<T>(
    String name,
    String type,
    String defaultValue,
    String whenAbsent,
    String description,
    boolean secret,
    Parser<T> parser) {

  /** Reads a value. */
  @FunctionalInterface
  interface Parser<T> {
    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException whose message is what was expected
     */
    T parse(String value);
  }

  static <T> OptionSpec<T> withDefault(
      String name, String type, String defaultValue, String description, Parser<T> parser) {
    return new OptionSpec<>(name, type, defaultValue, "", description, false, parser);
  }

  static <T> OptionSpec<T> optional(
      String name, String type, String whenAbsent, String description, Parser<T> parser) {
    return new OptionSpec<>(name, type, null, whenAbsent, description, false, parser);
  }

  /** The same option, with values that must not be shown. Its parser's messages must not either. */
  OptionSpec<T> withSecrets() {
    return new OptionSpec<>(name, type, defaultValue, whenAbsent, description, true, parser);
  }

  /** The value among those given, or the default, or nothing. */
  Optional<T> in(Map<String, String> given) {
    return Optional.ofNullable(given.getOrDefault(name, defaultValue)).map(parser::parse);
  }

  /**
   * Fails if the value is not allowed.
   *
   * @param origin where the value came from, in the form {@code " (set by ...)"}, or nothing
   */
  void check(String value, String origin) {
    try {
      parser.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "option '%s'%s is '%s'; expected %s"
              .formatted(name, origin, secret ? "..." : value, e.getMessage()),
          e);
    }
  }
}
