package io.rustpipe.spark.frame;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a worker says of itself when it is asked to {@code describe}.
 *
 * @param platform operating system and architecture, for example {@code linux-x86_64}
 * @param protocol versions of the protocol that the worker speaks
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Description(
    String name,
    String version,
    List<Integer> protocol,
    String platform,
    List<Table> tables,
    List<Option> options) {

  /** A table that the worker offers. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Table(
      String name,
      String comment,
      @JsonProperty("rows_per_input") RowsPerInput rowsPerInput,
      List<Column> columns) {}

  /** How many rows an input ends with, failures included. */
  public enum RowsPerInput {
    /** Exactly one, whatever happens. */
    @JsonProperty("one")
    ONE,
    /** Any number; an input that fails ends with an {@code error} frame. */
    @JsonProperty("many")
    MANY
  }

  /**
   * A column of a table.
   *
   * @param type the type as Spark SQL writes it, for example {@code array<string>}
   * @param cost what the worker has to do to fill it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Column(String name, String type, boolean nullable, String comment, String cost) {}

  /**
   * An option that the worker takes in {@code open}.
   *
   * @param type what may be written
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Option(
      String name, String type, @JsonProperty("default") String defaultValue, String description) {}

  /** Reads the description's JSON. */
  public static Description read(InputStream json) throws IOException {
    return Frames.MAPPER.readValue(json, Description.class);
  }

  /**
   * The table of this name, in any case.
   *
   * @throws IllegalArgumentException if the worker has no such table; the message lists those it
   *     has
   */
  public Table table(String wanted) {
    return tables.stream()
        .filter(table -> table.name().equalsIgnoreCase(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no table '%s' in option 'table'; the worker %s %s has: %s"
                        .formatted(
                            wanted,
                            name,
                            version,
                            tables.stream().map(Table::name).collect(Collectors.joining(", ")))));
  }
}
