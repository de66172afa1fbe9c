package io.rustpipe.spark.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How the values of options are read; each failure says what was expected. */
final class Parsers {
  private Parsers() {}

  static String text(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("some text");
    }
    return value;
  }

  static boolean bool(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  static OptionSpec.Parser<Integer> integer(int min, int max) {
    return value -> {
      try {
        int number = Integer.parseInt(value.strip());
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below, in the same words as for a number out of range.
      }
      throw new IllegalArgumentException("a whole number from " + min + " to " + max);
    };
  }

  static <E extends Enum<E>> OptionSpec.Parser<E> oneOf(Class<E> type) {
    return value ->
        Arrays.stream(type.getEnumConstants())
            .filter(constant -> constant.name().equalsIgnoreCase(value.strip()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "one of " + Arrays.toString(type.getEnumConstants())));
  }

  /** A JSON array where a word has blanks in it; otherwise what the blanks divide. */
  static List<String> words(String value) {
    if (value.strip().startsWith("[")) {
      return jsonStrings(value);
    }
    return value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
  }

  /** Spark hands over the arguments of {@code load(a, b)} as a JSON array. */
  static List<String> jsonStrings(String value) {
    try {
      return List.of(new ObjectMapper().readValue(value, String[].class));
    } catch (JsonProcessingException | NullPointerException e) {
      throw new IllegalArgumentException(
          "a JSON array of strings, such as [\"a.txt\",\"b.txt\"]", e);
    }
  }
}
