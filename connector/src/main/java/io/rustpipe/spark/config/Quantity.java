package io.rustpipe.spark.config;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values as people write them: {@code 500ms}, {@code 256MiB}, {@code 5}. The worker reads them by
 * the same rules.
 *
 * @param name what is written, for the documentation
 * @param units from the smallest
 * @param expected what a value that is refused should have been, with two places for the bounds
 */
record Quantity(String name, List<Unit> units, String expected) {
  /** Just a number. */
  static final Quantity COUNT =
      new Quantity("int", List.of(new Unit("", 1)), "a whole number from %s to %s");

  /** Milliseconds, always with a unit: a bare number of what? */
  static final Quantity TIME =
      new Quantity(
          "time",
          List.of(
              new Unit("ms", 1),
              new Unit("s", 1_000),
              new Unit("m", 60_000),
              new Unit("h", 3_600_000)),
          "a time from %s to %s: a whole number and ms, s, m or h");

  /** Bytes; a bare number is bytes. */
  static final Quantity BYTES =
      new Quantity(
          "bytes",
          List.of(
              new Unit("", 1),
              new Unit("KiB", 1L << 10),
              new Unit("MiB", 1L << 20),
              new Unit("GiB", 1L << 30),
              new Unit("TiB", 1L << 40)),
          "a size from %s to %s: a whole number of bytes, or one and KiB, MiB, GiB or TiB");

  /** A unit and what it stands for. */
  record Unit(String name, long factor) {}

  /** Few enough digits for a long; no bound of any option needs more. */
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,18})\\s*([A-Za-z]*)");

  /** What may be written, for the documentation. */
  String type(long least, long most) {
    return "%s, %s to %s".formatted(name, show(least), show(most));
  }

  /** Reads a value within these bounds; gives it in its largest whole unit. */
  OptionSpec.Parser<String> within(long least, long most) {
    var parser = amount(least, most);
    return text -> show(parser.parse(text));
  }

  /** Reads a value within these bounds; gives it in its smallest unit. */
  OptionSpec.Parser<Long> amount(long least, long most) {
    return text -> {
      var value = parse(text);
      if (value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most) {
        throw new IllegalArgumentException(expected.formatted(show(least), show(most)));
      }
      return value.getAsLong();
    };
  }

  private OptionalLong parse(String text) {
    Matcher parts = NUMBER_AND_UNIT.matcher(text.strip());
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    for (var unit : units) {
      if (unit.name().equalsIgnoreCase(parts.group(2))) {
        return times(Long.parseLong(parts.group(1)), unit.factor());
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong times(long number, long factor) {
    return number > Long.MAX_VALUE / factor
        ? OptionalLong.empty()
        : OptionalLong.of(number * factor);
  }

  private String show(long value) {
    var fitting = new ArrayList<>(units);
    fitting.removeIf(unit -> value % unit.factor() != 0 || value < unit.factor());
    var unit = fitting.isEmpty() ? units.get(0) : fitting.get(fitting.size() - 1);
    return value / unit.factor() + unit.name();
  }
}
