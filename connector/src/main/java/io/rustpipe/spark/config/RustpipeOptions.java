package io.rustpipe.spark.config;

import static io.rustpipe.spark.config.OptionSpec.optional;
import static io.rustpipe.spark.config.OptionSpec.withDefault;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The options of one read, checked. Immutable; two are equal if the same options were given. */
public final class RustpipeOptions implements Serializable {
  /**
   * The data source's short name, and what its session configurations carry after {@code
   * spark.datasource.}.
   */
  public static final String KEY_PREFIX = "rustpipe";

  /** Above this a driver plans for longer than the tasks run. */
  private static final int MAX_PARTITIONS = 1_000_000;

  /** As many sockets and buffers as one worker can hold within its memory budget. */
  private static final int MAX_CONCURRENCY = 1024;

  static final OptionSpec<String> PATH =
      optional(
          "path",
          "string",
          "required, unless `paths` is given",
          "The manifest: a file, a folder or a glob on any file system that Spark reads."
              + " `load(path)` sets it.",
          Parsers::text);

  private static final OptionSpec<List<String>> PATHS =
      optional(
          "paths",
          "JSON array of strings",
          "none",
          "Several manifests. `load(a, b)` sets it.",
          Parsers::jsonStrings);

  private static final OptionSpec<String> TABLE =
      optional(
          "table",
          "string",
          "`fetches`; of a custom worker its only table",
          "Which of the worker's tables to read.",
          Parsers::text);

  private static final OptionSpec<String> URL_COLUMN =
      optional(
          "urlColumn",
          "string",
          "`url`; in a text manifest the line",
          "The manifest's column that holds the URL. It is called `url` in the result.",
          Parsers::text);

  private static final OptionSpec<KeepClause> KEEP =
      optional(
          "keep",
          "`*`, `none`, or `a, b AS c`",
          "`*`, less what has the name of a column of the table",
          "Which other columns of the manifest reach the result, and under which names. Odd names"
              + " go in backticks.",
          KeepClause::parse);

  private static final OptionSpec<Integer> PARTITIONS =
      optional(
          "partitions",
          "int, 1 to " + MAX_PARTITIONS,
          "the cluster's parallelism",
          "How many tasks share the manifest, each with a worker of its own.",
          Parsers.integer(1, MAX_PARTITIONS));

  private static final OptionSpec<ErrorMode> MODE =
      withDefault(
          "mode",
          "`PERMISSIVE`, `DROPMALFORMED` or `FAILFAST`",
          ErrorMode.PERMISSIVE.name(),
          "What becomes of an input that ends in an error: a row, nothing, or the end of the query."
              + " The table `fetches` has its row for every URL in each mode. With `lines`, what"
              + " becomes of a [line](protocol.md#the-lines-protocol) that does not fit the"
              + " schema.",
          Parsers.oneOf(ErrorMode.class));

  private static final OptionSpec<Integer> CONCURRENCY =
      withDefault(
          "concurrency",
          "int, 1 to " + MAX_CONCURRENCY,
          "64",
          "How many inputs a worker works on at once.",
          Parsers.integer(1, MAX_CONCURRENCY));

  private static final OptionSpec<List<String>> ALLOWED_NETWORKS =
      withDefault(
          "allowedNetworks",
          "addresses and CIDR ranges, separated by commas",
          "",
          "Networks that may be fetched from although they are not globally routable: an internal"
              + " mirror, loopback.",
          AllowedNetworks::parse);

  private static final OptionSpec<Depth> DEPTH =
      withDefault(
          "depth",
          "`head`, `body`, `entries` or `content`",
          Depth.CONTENT.toString(),
          "Nothing deeper is done than this, whatever columns are asked for: what needs more is"
              + " null, and status and errors speak of what was done.",
          Parsers.oneOf(Depth.class));

  private static final OptionSpec<String> PATH_GLOB_FILTER =
      optional(
          "pathGlobFilter",
          "glob",
          "every file",
          "Which files of a folder belong to the manifest, as in Spark's file sources.",
          Parsers::text);

  private static final OptionSpec<Boolean> RECURSIVE_FILE_LOOKUP =
      withDefault(
          "recursiveFileLookup",
          "boolean",
          "false",
          "Whether to look into folders below the given ones, as in Spark's file sources.",
          Parsers::bool);

  /** Every option, in the order of the documentation. */
  static final List<OptionSpec<?>> ALL =
      Stream.of(
              Stream.of(
                  PATH,
                  PATHS,
                  TABLE,
                  WorkerOptions.WORKER,
                  WorkerOptions.SHA256,
                  WorkerOptions.ARGS,
                  WorkerOptions.ENV,
                  WorkerOptions.TIMEOUT,
                  WorkerOptions.INPUT_TIMEOUT,
                  WorkerOptions.RESTARTS),
              LinesOptions.ALL.stream(),
              Stream.of(
                  URL_COLUMN,
                  ManifestOptions.INTEGRITY_COLUMN,
                  KEEP,
                  PARTITIONS,
                  ManifestOptions.PARTITIONING,
                  MODE,
                  CONCURRENCY,
                  ALLOWED_NETWORKS,
                  DEPTH,
                  ManifestOptions.FORMAT,
                  ManifestOptions.SCHEMA,
                  ManifestOptions.READER,
                  PATH_GLOB_FILTER,
                  RECURSIVE_FILE_LOOKUP),
              LimitOptions.ALL.stream())
          .<OptionSpec<?>>flatMap(options -> options)
          .toList();

  /**
   * By declared name; every value has passed its parser. Options of a custom worker's own are here
   * as well, in lower case.
   */
  private final Map<String, String> given;

  private RustpipeOptions(Map<String, String> given) {
    this.given = given;
  }

  /**
   * Checks what Spark hands to a {@code TableProvider}: the user's options, defaults from the
   * session's configuration, and for a table of the session catalog its properties.
   *
   * @throws IllegalArgumentException naming an option that is unknown or has a value that is not
   *     allowed
   */
  public static RustpipeOptions of(CaseInsensitiveStringMap options) {
    Protocol protocol = GivenOptions.protocol(options, Protocol.RUSTPIPE);
    boolean custom = options.containsKey(WorkerOptions.WORKER.name());
    return checked(read(options, protocol, custom));
  }

  /**
   * Checks what a user gives for the rows of a DataFrame, with the session's defaults for the rest.
   *
   * @throws IllegalArgumentException naming an option that is unknown, has a value that is not
   *     allowed or is about manifests; says what to do instead
   */
  public static RustpipeOptions ofPipe(Map<String, String> options) {
    CaseInsensitiveStringMap merged = GivenOptions.withSessionDefaults(options);
    boolean custom = merged.containsKey(WorkerOptions.WORKER.name());
    Map<String, String> given = GivenOptions.read(merged, PipeOptions::suits, custom);
    PipeOptions.check(given);
    return checked(given);
  }

  private static Map<String, String> read(
      CaseInsensitiveStringMap options, Protocol protocol, boolean custom) {
    return GivenOptions.read(
        options,
        name -> LinesOptions.suits(protocol, name),
        custom && protocol == Protocol.RUSTPIPE);
  }

  private static RustpipeOptions checked(Map<String, String> given) {
    RustpipeOptions options = new RustpipeOptions(given);
    if (options.worker().isEmpty()) {
      requireNothing("workerArgs", options.workerArgs().isEmpty());
      requireNothing("workerEnv", options.workerEnv().isEmpty());
      requireNothing("workerSha256", options.workerSha256().isEmpty());
    }
    LinesOptions.check(given);
    return options;
  }

  private static void requireNothing(String name, boolean isEmpty) {
    if (!isEmpty) {
      throw new IllegalArgumentException("option '%s' needs option 'worker'".formatted(name));
    }
  }

  /** These options, with those given for one scan of the table put over them. */
  public RustpipeOptions overriddenBy(CaseInsensitiveStringMap scanOptions) {
    Map<String, String> merged = new TreeMap<>(given);
    Protocol protocol = GivenOptions.protocol(scanOptions, protocol());
    merged.putAll(read(scanOptions, protocol, worker().isPresent()));
    return checked(merged);
  }

  /** Where the manifest is; empty if the user has not said. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>(PATHS.in(given).orElse(List.of()));
    PATH.in(given).ifPresent(paths::add);
    return List.copyOf(paths);
  }

  /** The worker's table to read, if the user named one. */
  public Optional<String> table() {
    return TABLE.in(given);
  }

  /** The program that is the worker; empty for the bundled one. */
  public Optional<String> worker() {
    return WorkerOptions.WORKER.in(given);
  }

  /** The digests of which that program must have one, in lower case; empty if any will do. */
  public List<String> workerSha256() {
    return WorkerOptions.SHA256.in(given).orElse(List.of());
  }

  /** Arguments of the program that is the worker. */
  public List<String> workerArgs() {
    return WorkerOptions.ARGS.in(given).orElseThrow();
  }

  /** Variables for the environment of the program that is the worker. */
  public Map<String, String> workerEnv() {
    return WorkerOptions.ENV.in(given).orElseThrow();
  }

  /** How long a worker may be silent while it is waited for. */
  public Duration workerTimeout() {
    return Duration.ofMillis(WorkerOptions.TIMEOUT.in(given).orElseThrow());
  }

  /** The same, if the user has said: a program that says nothing of itself may think for long. */
  public Optional<Duration> givenWorkerTimeout() {
    return given.containsKey(WorkerOptions.TIMEOUT.name())
        ? Optional.of(workerTimeout())
        : Optional.empty();
  }

  /** How long nothing may come of an input while the worker is waited for. */
  public Duration inputTimeout() {
    return Duration.ofMillis(WorkerOptions.INPUT_TIMEOUT.in(given).orElseThrow());
  }

  /** How often a task starts its worker again. */
  public int workerRestarts() {
    return WorkerOptions.RESTARTS.in(given).orElseThrow();
  }

  /** What the worker speaks. */
  public Protocol protocol() {
    return LinesOptions.PROTOCOL.in(given).orElseThrow();
  }

  /** The manifest's one column that is sent as a line, if the user named one. */
  public Optional<String> inputColumn() {
    return LinesOptions.INPUT_COLUMN.in(given);
  }

  /** How many lines come out for each that goes in, if the user promises that. */
  public OptionalInt linesPerInput() {
    return LinesOptions.LINES_PER_INPUT.in(given).stream().mapToInt(Integer::intValue).findFirst();
  }

  /** Whether the program may end well before it has read all its input. */
  public boolean allowEarlyExit() {
    return LinesOptions.ALLOW_EARLY_EXIT.in(given).orElseThrow();
  }

  /** The manifest's column with the URL, if the user named one. */
  public Optional<String> urlColumn() {
    return URL_COLUMN.in(given);
  }

  /** The manifest's column with the digest that a body must have, if there is one. */
  public Optional<String> integrityColumn() {
    return ManifestOptions.INTEGRITY_COLUMN.in(given);
  }

  /** The manifest's other columns that reach the result, if the user has said. */
  public Optional<KeepClause> keep() {
    return KEEP.in(given);
  }

  /** How many tasks share the manifest, if the user has said. */
  public OptionalInt partitions() {
    return PARTITIONS.in(given).stream().mapToInt(Integer::intValue).findFirst();
  }

  /** How the manifest's rows are shared out over tasks. */
  public Partitioning partitioning() {
    return ManifestOptions.PARTITIONING.in(given).orElseThrow();
  }

  /** What becomes of an input that ends in an error. */
  public ErrorMode mode() {
    return MODE.in(given).orElseThrow();
  }

  /** How many inputs a worker works on at once. */
  public int concurrency() {
    return CONCURRENCY.in(given).orElseThrow();
  }

  /** Networks that may be fetched from although they are not globally routable, as CIDR ranges. */
  public List<String> allowedNetworks() {
    return ALLOWED_NETWORKS.in(given).orElseThrow();
  }

  /** How deep the worker may go into an input. */
  public Depth depth() {
    return DEPTH.in(given).orElseThrow();
  }

  /** How the manifest is read. */
  public ManifestFormat manifestFormat() {
    return ManifestOptions.FORMAT.in(given).orElseThrow();
  }

  /** The manifest's columns, if the user has said. */
  public Optional<StructType> manifestSchema() {
    return ManifestOptions.SCHEMA.in(given);
  }

  /** What the reader of the manifest's files is handed, by its own names in lower case. */
  public Map<String, String> manifestReaderOptions() {
    return ManifestOptions.readerOptions(given);
  }

  /** Which files of a folder belong to the manifest, if the user has said. */
  public Optional<String> pathGlobFilter() {
    return PATH_GLOB_FILTER.in(given);
  }

  /** Whether folders below the given ones belong to the manifest. */
  public boolean recursiveFileLookup() {
    return RECURSIVE_FILE_LOOKUP.in(given).orElseThrow();
  }

  /**
   * Fails if an option was given that neither the connector nor the worker knows.
   *
   * @param ofWorker names of the options that the worker declares
   */
  public void requireKnown(Collection<String> ofWorker) {
    Set<String> own = ofWorker.stream().map(GivenOptions::ownKey).collect(Collectors.toSet());
    for (String name : given.keySet()) {
      boolean isOurs =
          ManifestOptions.isReaderOption(name)
              || (GivenOptions.find(name).isPresent() && !isForWorker(name));
      if (!isOurs && !own.contains(GivenOptions.ownKey(name))) {
        throw GivenOptions.unknown(name, "", ofWorker);
      }
    }
  }

  /** Whether the option says nothing unless the worker takes it. */
  private static boolean isForWorker(String name) {
    return Stream.concat(Stream.of(DEPTH), LimitOptions.ALL.stream())
        .anyMatch(option -> option.name().equals(name));
  }

  /**
   * What is passed on to the worker in {@code open}: of the options that it declares those that it
   * shares with the connector, and those of its own that were given.
   *
   * @param ofWorker names of the options that the worker declares
   */
  public Map<String, String> workerOptions(Collection<String> ofWorker) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String name : ofWorker) {
      if (name.equals(CONCURRENCY.name())) {
        options.put(name, String.valueOf(concurrency()));
      } else if (name.equals(ALLOWED_NETWORKS.name())) {
        if (!allowedNetworks().isEmpty()) {
          options.put(name, String.join(",", allowedNetworks()));
        }
      } else if (isForWorker(name)) {
        if (given.containsKey(name)) {
          options.put(
              name,
              GivenOptions.find(name).flatMap(option -> option.in(given)).orElseThrow().toString());
        }
      } else if (GivenOptions.find(name).isEmpty()
          && given.containsKey(GivenOptions.ownKey(name))) {
        options.put(name, given.get(GivenOptions.ownKey(name)));
      }
    }
    return options;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RustpipeOptions options && given.equals(options.given);
  }

  @Override
  public int hashCode() {
    return given.hashCode();
  }

  /**
   * Options of the reader without their values, and of the worker's environment the names only:
   * credentials may be among them.
   */
  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>(given);
    shown.replaceAll((name, value) -> ManifestOptions.isReaderOption(name) ? "..." : value);
    shown.computeIfPresent(
        WorkerOptions.ENV.name(), (name, value) -> WorkerOptions.names(value).toString());
    return shown.toString();
  }
}
