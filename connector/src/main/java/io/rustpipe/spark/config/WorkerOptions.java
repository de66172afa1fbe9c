package io.rustpipe.spark.config;

import static io.rustpipe.spark.config.OptionSpec.optional;
import static io.rustpipe.spark.config.OptionSpec.withDefault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The declarations that say which program is the worker, and how much is borne of it. */
final class WorkerOptions {
  private static final String EXPECTED_ENVIRONMENT =
      "a JSON object of strings, such as {\"API_KEY\":\"...\"}";

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private static final long SECOND = 1_000;
  private static final long DAY = 24 * 3_600 * SECOND;

  /** Whoever needs more has a worker that dies of most inputs. */
  private static final int MAX_RESTARTS = 1_000_000;

  static final OptionSpec<String> WORKER =
      optional(
          "worker",
          "absolute path, file name or URI",
          "the bundled worker",
          "A program of yours that speaks the [protocol](protocol.md), or just lines: its absolute"
              + " path, the same on the driver and on every executor; the bare name of a file given"
              + " by `sc.addFile` or `--files`; or a URI on any file system that Spark reads"
              + " (`hdfs:`, `s3a:`, `file:`), from where each executor fetches it once.",
          Parsers::text);

  static final OptionSpec<List<String>> SHA256 =
      optional(
          "workerSha256",
          "SHA-256 digests in hexadecimal, separated by commas",
          "that of the driver's program",
          "What that program's digest must be, before anything of it is run, on the driver and on"
              + " every executor. For a path several are allowed, where machines have other"
              + " programs.",
          WorkerOptions::digests);

  static final OptionSpec<List<String>> ARGS =
      withDefault(
          "workerArgs",
          "words, or a JSON array of strings",
          "",
          "Arguments of that program, which come before `describe` and `run`. With `lines` neither"
              + " word is added.",
          Parsers::words);

  static final OptionSpec<Map<String, String>> ENV =
      withDefault(
              "workerEnv",
              "JSON object of strings",
              "",
              "Variables for that program's environment, which has `PATH`, `LANG` and `TZ` besides"
                  + " and nothing else. Values are never shown.",
              WorkerOptions::environment)
          .withSecrets();

  static final OptionSpec<Long> TIMEOUT =
      withDefault(
          "workerTimeout",
          Quantity.TIME.type(1, DAY),
          "60s",
          "A worker that sends nothing for so long, while it is waited for, is taken for dead. With"
              + " `lines` there is no such time unless it is given.",
          Quantity.TIME.amount(1, DAY));

  static final OptionSpec<Long> INPUT_TIMEOUT =
      withDefault(
          "inputTimeout",
          Quantity.TIME.type(1, DAY),
          "1h",
          "An input of which nothing comes for so long, while the worker is waited for, ends as"
              + " `WORKER_TIMEOUT`. Time in the worker's own queue counts, so leave it well above"
              + " `totalTimeout`.",
          Quantity.TIME.amount(1, DAY));

  static final OptionSpec<Integer> RESTARTS =
      withDefault(
          "workerRestarts",
          "int, 0 to " + MAX_RESTARTS,
          "100",
          "How often a task starts its worker again after a crash. An input that kills every"
              + " worker costs up to three.",
          Parsers.integer(0, MAX_RESTARTS));

  private WorkerOptions() {}

  private static List<String> digests(String value) {
    var digests =
        Stream.of(value.split(",", -1))
            .map(digest -> digest.strip().toLowerCase(Locale.ROOT))
            .toList();
    // An empty one would be a pin that holds nothing.
    if (!digests.stream().allMatch(DIGEST.asMatchPredicate())) {
      throw new IllegalArgumentException(
          "SHA-256 digests of 64 hexadecimal digits each, as sha256sum prints them, separated by"
              + " commas");
    }
    return digests;
  }

  /** The names in an environment that has passed the parser. */
  static Set<String> names(String environment) {
    return environment(environment).keySet();
  }

  /** No message shows a value. */
  private static Map<String, String> environment(String json) {
    if (json.isBlank()) {
      return Map.of();
    }
    JsonNode object;
    try {
      object = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      // Without the cause, which quotes the text.
      throw new IllegalArgumentException(EXPECTED_ENVIRONMENT);
    }
    if (!object.isObject()) {
      throw new IllegalArgumentException(EXPECTED_ENVIRONMENT);
    }
    var environment = new TreeMap<String, String>();
    object
        .fields()
        .forEachRemaining(
            variable -> {
              environment.put(name(variable.getKey()), value(variable));
            });
    return environment;
  }

  private static String name(String name) {
    if (name.isEmpty() || name.contains("=") || name.contains("\0")) {
      throw new IllegalArgumentException(
          "%s; no variable can be called '%s'"
              .formatted(EXPECTED_ENVIRONMENT, name.replace('\0', '?')));
    }
    return name;
  }

  private static String value(Map.Entry<String, JsonNode> variable) {
    if (!variable.getValue().isTextual() || variable.getValue().textValue().contains("\0")) {
      throw new IllegalArgumentException(
          "%s; the value of '%s' is no string, or has a NUL in it"
              .formatted(EXPECTED_ENVIRONMENT, variable.getKey()));
    }
    return variable.getValue().textValue();
  }
}
