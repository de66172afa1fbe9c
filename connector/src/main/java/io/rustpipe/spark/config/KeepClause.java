package io.rustpipe.spark.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which columns of the manifest reach the result: the parsed option {@code keep}.
 *
 * @param all every column of the manifest; {@code columns} is empty then
 * @param columns the columns by name, in the order of the result
 */
public record KeepClause(boolean all, List<Column> columns) implements Serializable {
  /** No column but the URL. */
  public static final KeepClause NONE = new KeepClause(false, List.of());

  /** Every column. */
  public static final KeepClause ALL = new KeepClause(true, List.of());

  /** Quantifiers are possessive: a long hostile value must not overflow the stack or backtrack. */
  private static final String NAME = "(?:`([^`]++(?:``[^`]*+)*+)`|([\\p{L}\\p{N}_]++))";

  private static final Pattern COLUMN =
      Pattern.compile(
          "\\s*+" + NAME + "(?:\\s++AS\\s++" + NAME + ")?+\\s*+", Pattern.CASE_INSENSITIVE);

  public KeepClause {
    columns = List.copyOf(columns);
  }

  /**
   * One kept column.
   *
   * @param name its name in the manifest
   * @param as its name in the result
   */
  public record Column(String name, String as) implements Serializable {
    /** As it is written in the option {@code keep}. */
    @Override
    public String toString() {
      return name.equals(as) ? quoted(name) : quoted(name) + " AS " + quoted(as);
    }
  }

  /**
   * Reads {@code *}, {@code none} (or nothing), or {@code a, b AS c}; a name of other characters
   * than letters, digits and underscores is put in backticks, as in Spark SQL, and so is the name
   * {@code none}.
   *
   * @throws IllegalArgumentException with what was expected, and where
   */
  static KeepClause parse(String text) {
    if (text.isBlank() || text.strip().equalsIgnoreCase("none")) {
      return NONE;
    }
    if (text.strip().equals("*")) {
      return ALL;
    }
    List<Column> columns = new ArrayList<>();
    Matcher column = COLUMN.matcher(text);
    int at = 0;
    while (column.region(at, text.length()).lookingAt()) {
      String name = name(column, 1);
      String as = name(column, 3);
      columns.add(new Column(name, as == null ? name : as));
      at = column.end();
      if (at == text.length()) {
        return new KeepClause(false, columns);
      }
      if (text.charAt(at) != ',') {
        break;
      }
      at++;
    }
    throw new IllegalArgumentException(
        "'*', 'none', or columns such as: name, size AS bytes, `odd-name` AS odd; it goes wrong at"
            + " '"
            + text.substring(at)
            + "' (names of other characters than letters, digits and _ go in backticks)");
  }

  private static String name(Matcher column, int group) {
    String quoted = column.group(group);
    return quoted == null ? column.group(group + 1) : quoted.replace("``", "`");
  }

  private static String quoted(String name) {
    return name.matches("(?!(?i:none)$)[\\p{L}\\p{N}_]++")
        ? name
        : "`" + name.replace("`", "``") + "`";
  }

  /** As it is written in the option {@code keep}. */
  @Override
  public String toString() {
    if (all) {
      return "*";
    }
    return columns.isEmpty()
        ? "none"
        : columns.stream().map(Column::toString).collect(Collectors.joining(", "));
  }
}
