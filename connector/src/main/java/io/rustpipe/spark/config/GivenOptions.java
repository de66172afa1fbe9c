package io.rustpipe.spark.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Finds the declarations of what Spark hands over: the user's options, the session's defaults and a
 * table's properties, all in one map.
 */
final class GivenOptions {
  private static final String SESSION_PREFIX =
      "spark.datasource." + RustpipeOptions.KEY_PREFIX + ".";

  private GivenOptions() {}

  /** What is spoken, looked at before anything else; a value that is none is an error later. */
  static Protocol protocol(CaseInsensitiveStringMap options, Protocol otherwise) {
    String given = options.get(LinesOptions.PROTOCOL.name());
    return Stream.of(Protocol.values())
        .filter(protocol -> given != null && protocol.name().equalsIgnoreCase(given.strip()))
        .findFirst()
        .orElse(otherwise);
  }

  /**
   * Reads some options by their declared names.
   *
   * @param suits which options say anything here; defaults of the session that don't are left out,
   *     because they are there for other reads
   * @param custom whether an option that is not known here may be the worker's own
   * @throws IllegalArgumentException naming an option that is unknown or has a value that is not
   *     allowed
   */
  static Map<String, String> read(
      CaseInsensitiveStringMap options, Predicate<String> suits, boolean custom) {
    boolean catalogTable =
        options.containsKey(TableCatalog.PROP_PROVIDER)
            && options.containsKey(TableCatalog.PROP_OWNER);
    Map<String, String> given = new TreeMap<>();
    for (String name : options.asCaseSensitiveMap().keySet()) {
      if (catalogTable && isTableProperty(name, options)) {
        continue;
      }
      String value = options.get(name);
      String origin = origin(name, value);
      if (ManifestOptions.isReaderOption(name)) {
        if (origin.isEmpty() || suits.test(name)) {
          given.put(ManifestOptions.readerOption(name), value);
        }
        continue;
      }
      OptionSpec<?> option = find(name).orElse(null);
      if (option != null) {
        option.check(value, origin);
        if (origin.isEmpty() || suits.test(option.name())) {
          given.put(option.name(), value);
        }
      } else if (custom) {
        given.put(ownKey(name), value);
      } else {
        throw unknown(name, origin, List.of());
      }
    }
    return given;
  }

  /**
   * In a table of the session catalog (from Spark 4 on), an option has a twin with the prefix
   * {@code option.}, and the path comes from the location; all else is the table's own business.
   */
  private static boolean isTableProperty(String name, CaseInsensitiveStringMap options) {
    return !options.containsKey(TableCatalog.OPTION_PREFIX + name)
        && !name.equalsIgnoreCase(RustpipeOptions.PATH.name());
  }

  /** The declaration of this name, however it is written. */
  static Optional<OptionSpec<?>> find(String name) {
    return RustpipeOptions.ALL.stream()
        .filter(option -> option.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** Where an option that only the worker knows is kept: names are not case-sensitive. */
  static String ownKey(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * The error for an option that nobody declares.
   *
   * @param ofWorker options that the worker declares, which may be meant as well
   */
  static IllegalArgumentException unknown(String name, String origin, Collection<String> ofWorker) {
    List<String> known =
        Stream.concat(RustpipeOptions.ALL.stream().map(OptionSpec::name), ofWorker.stream())
            .distinct()
            .toList();
    return new IllegalArgumentException(
        "unknown option '%s'%s%s".formatted(name, origin, DidYouMean.hint(name, "options", known)));
  }

  /**
   * The options with the session's defaults for those that are not among them, as Spark merges them
   * for a read.
   */
  static CaseInsensitiveStringMap withSessionDefaults(Map<String, String> options) {
    CaseInsensitiveStringMap given = new CaseInsensitiveStringMap(options);
    Map<String, String> merged = new HashMap<>(options);
    Map<String, String> settings = SQLConf.get().settings();
    synchronized (settings) {
      settings.forEach(
          (key, value) -> {
            String name =
                key.startsWith(SESSION_PREFIX) ? key.substring(SESSION_PREFIX.length()) : "";
            if (!name.isEmpty() && !given.containsKey(name)) {
              merged.put(name, value);
            }
          });
    }
    return new CaseInsensitiveStringMap(merged);
  }

  /**
   * The session's defaults are merged into the options; the same value under the key is all that
   * tells.
   */
  private static String origin(String name, String value) {
    String key = SESSION_PREFIX + name;
    SQLConf conf = SQLConf.get();
    return conf.contains(key) && conf.getConfString(key).equals(value)
        ? " (set by the session configuration '" + key + "')"
        : "";
  }
}
