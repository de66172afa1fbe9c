package io.rustpipe.spark.input;

import io.rustpipe.spark.config.ColumnNames;
import io.rustpipe.spark.config.KeepClause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of the inputs that reach the result: what the option {@code keep} comes to. */
public final class KeptColumns {

  /** What the inputs come from, as errors have it. */
  public enum Origin {
    MANIFEST("manifest", "manifest_", ".option(\"keep\", \"%s\")"),
    DATA_FRAME("DataFrame", "input_", "the option keep = \"%s\"");

    private final String noun;
    private final String prefix;
    private final String option;

    Origin(String noun, String prefix, String option) {
      this.noun = noun;
      this.prefix = prefix;
      this.option = option;
    }
  }

  /**
   * A column of the result.
   *
   * @param source its name where the inputs come from
   */
  public record Column(String source, StructField field) {}

  private final Origin origin;
  private final List<Column> always;
  private final List<Column> kept;

  /** Whether columns were kept by default only, and so give way to others of the same name. */
  private final boolean yielding;

  private KeptColumns(Origin origin, List<Column> always, List<Column> kept, boolean yielding) {
    this.origin = origin;
    this.always = List.copyOf(always);
    this.kept = List.copyOf(kept);
    this.yielding = yielding;
  }

  /**
   * What {@code keep} asks for, or if it is not given every column.
   *
   * @param always columns that are in the result whatever it says
   * @param available the names of the columns that there are
   * @param find a column by its name; fails if there is none
   * @throws IllegalArgumentException if the result would have two columns of one name
   */
  public static KeptColumns of(
      Origin origin,
      Optional<KeepClause> keep,
      List<Column> always,
      List<String> available,
      Function<String, StructField> find) {
    List<Column> kept = new ArrayList<>();
    wanted(keep.orElse(KeepClause.ALL), always, available)
        .forEach(
            column -> {
              StructField field = find.apply(column.name());
              kept.add(
                  new Column(
                      field.name(),
                      new StructField(column.as(), field.dataType(), true, field.metadata())));
            });
    boolean yielding = keep.isEmpty();
    if (yielding) {
      kept.removeIf(column -> always.stream().anyMatch(a -> same(a, column.field().name())));
    }
    KeptColumns columns = new KeptColumns(origin, always, kept, yielding);
    columns.requireDistinct();
    return columns;
  }

  private static Stream<KeepClause.Column> wanted(
      KeepClause keep, List<Column> always, List<String> available) {
    return keep.all()
        ? available.stream()
            .filter(name -> always.stream().noneMatch(column -> column.source().equals(name)))
            .map(name -> new KeepClause.Column(name, name))
        : keep.columns().stream();
  }

  private static boolean same(Column column, String name) {
    return ColumnNames.same(column.field().name(), name);
  }

  private void requireDistinct() {
    for (int i = 0; i < kept.size(); i++) {
      String name = kept.get(i).field().name();
      if (Stream.concat(always.stream(), kept.subList(0, i).stream())
          .anyMatch(column -> same(column, name))) {
        throw clash(i, "the result has a column '" + name + "' already");
      }
    }
  }

  /**
   * These columns beside those of a worker's table: without those of the same names, if they were
   * kept by default.
   *
   * @param table the table's name
   * @param tableColumns the names of its columns, the connector's own included
   * @throws IllegalArgumentException if they were asked for; shows the value of {@code keep} that
   *     mends it
   */
  public KeptColumns beside(String table, Collection<String> tableColumns) {
    List<Column> fitting = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      String name = kept.get(i).field().name();
      if (tableColumns.stream().noneMatch(column -> ColumnNames.same(column, name))) {
        fitting.add(kept.get(i));
      } else if (!yielding) {
        throw clash(i, "the table '" + table + "' has a column of that name");
      }
    }
    return new KeptColumns(origin, always, fitting, yielding);
  }

  private IllegalArgumentException clash(int index, String why) {
    String mended =
        Stream.iterate(0, i -> i < kept.size(), i -> i + 1)
            .map(
                i -> {
                  Column column = kept.get(i);
                  String as = column.field().name();
                  return new KeepClause.Column(
                      column.source(), i == index ? origin.prefix + as : as);
                })
            .map(KeepClause.Column::toString)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "the %s's column '%s' can't be kept as '%s': %s; keep it under another name: %s"
            .formatted(
                origin.noun,
                kept.get(index).source(),
                kept.get(index).field().name(),
                why,
                origin.option.formatted(mended)));
  }

  /** The columns in the order of the result. */
  public List<Column> columns() {
    return Stream.concat(always.stream(), kept.stream()).toList();
  }

  /** The columns under the names that they have in the result. Each can be null. */
  public StructType schema() {
    return new StructType(columns().stream().map(Column::field).toArray(StructField[]::new));
  }

  /** The columns of these names, which there are. */
  public List<Column> named(String[] names) {
    return Arrays.stream(names)
        .map(
            name ->
                columns().stream()
                    .filter(column -> column.field().name().equals(name))
                    .findFirst()
                    .orElseThrow(
                        () -> new IllegalArgumentException("not a kept column: '" + name + "'")))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeptColumns columns && columns().equals(columns.columns());
  }

  @Override
  public int hashCode() {
    return columns().hashCode();
  }
}
