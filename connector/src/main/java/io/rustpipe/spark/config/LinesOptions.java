package io.rustpipe.spark.config;

import static io.rustpipe.spark.config.OptionSpec.optional;
import static io.rustpipe.spark.config.OptionSpec.withDefault;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The declarations that are about programs that only read and write lines. */
final class LinesOptions {
  /** More lines of one line than this are no count that anybody promises. */
  private static final int MAX_LINES_PER_INPUT = 1_000_000;

  static final OptionSpec<Protocol> PROTOCOL =
      withDefault(
          "protocol",
          "`rustpipe` or `lines`",
          Protocol.RUSTPIPE.toString(),
          "What the program in `worker` speaks: the [protocol](protocol.md), or"
              + " [lines](protocol.md#the-lines-protocol) as any program does, whose columns"
              + " `.schema(...)` then has to name.",
          Parsers.oneOf(Protocol.class));

  static final OptionSpec<String> INPUT_COLUMN =
      optional(
          "inputColumn",
          "string",
          "every column, as a JSON object; in a text manifest the line",
          "For `lines`: the one column of the manifest whose value is sent as a line, as it is.",
          Parsers::text);

  static final OptionSpec<Integer> LINES_PER_INPUT =
      optional(
          "linesPerInput",
          "int, 1 to " + MAX_LINES_PER_INPUT,
          "any number",
          "For `lines`: how many lines the program prints for each line that it reads. Any other"
              + " count fails the query.",
          Parsers.integer(1, MAX_LINES_PER_INPUT));

  static final OptionSpec<Boolean> ALLOW_EARLY_EXIT =
      withDefault(
          "allowEarlyExit",
          "boolean",
          "false",
          "For `lines`: whether the program may exit with 0 before it has read all its input, as"
              + " `head` does.",
          Parsers::bool);

  static final List<OptionSpec<?>> ALL =
      List.of(PROTOCOL, INPUT_COLUMN, LINES_PER_INPUT, ALLOW_EARLY_EXIT);

  /** What else can be said about a program that reads lines; all other options are not for it. */
  private static final Set<String> ALSO_FOR_LINES =
      Set.of(
          "path",
          "paths",
          "worker",
          "workerSha256",
          "workerArgs",
          "workerEnv",
          "workerTimeout",
          "partitions",
          "mode",
          "manifestFormat",
          "manifestSchema",
          "pathGlobFilter",
          "recursiveFileLookup");

  private LinesOptions() {}

  /**
   * Fails if options were given that contradict the protocol.
   *
   * @throws IllegalArgumentException naming both
   */
  static void check(Map<String, String> given) {
    Protocol protocol = PROTOCOL.in(given).orElseThrow();
    boolean lines = protocol == Protocol.LINES;
    if (lines && !given.containsKey("worker")) {
      throw new IllegalArgumentException(
          "option 'protocol' is 'lines', but the bundled worker does not speak it: name a program"
              + " with option 'worker'");
    }
    if (LINES_PER_INPUT.in(given).isPresent() && ALLOW_EARLY_EXIT.in(given).orElseThrow()) {
      throw new IllegalArgumentException(
          "option 'linesPerInput' promises an answer to every line, option 'allowEarlyExit' lets"
              + " the program leave lines unread: give one of the two");
    }
    for (String name : given.keySet()) {
      if (!suits(protocol, name)) {
        throw new IllegalArgumentException(
            (lines
                    ? "option '%s' says nothing to a program that only reads and writes lines:"
                        + " leave it out, or set option 'protocol' to 'rustpipe'"
                    : "option '%s' needs option 'protocol' to be 'lines': it says nothing to a"
                        + " worker that speaks 'rustpipe'")
                .formatted(name));
      }
    }
  }

  /** Whether an option says anything to what speaks this protocol. */
  static boolean suits(Protocol protocol, String name) {
    return protocol == Protocol.LINES ? isForLines(name) : !isForLinesOnly(name);
  }

  private static boolean isForLinesOnly(String name) {
    return !name.equals(PROTOCOL.name())
        && ALL.stream().anyMatch(option -> option.name().equals(name));
  }

  private static boolean isForLines(String name) {
    return name.equals(PROTOCOL.name())
        || isForLinesOnly(name)
        || ALSO_FOR_LINES.contains(name)
        || ManifestOptions.isReaderOption(name);
  }
}
