package io.rustpipe.spark.frame;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
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
    List<Option> options)
    implements Serializable {

  public Description {
    requireNonNull(name, "name");
    requireNonNull(version, "version");
    protocol = List.copyOf(protocol);
    tables = List.copyOf(tables);
    options = List.copyOf(options);
  }

  /**
   * A table that the worker offers.
   *
   * @param input the fields that it reads of an input; empty if it takes whatever there is
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Table(
      String name,
      String comment,
      @JsonProperty("rows_per_input") RowsPerInput rowsPerInput,
      @JsonProperty(required = false) List<InputField> input,
      List<Column> columns)
      implements Serializable {

    public Table {
      requireNonNull(name, "name");
      requireNonNull(rowsPerInput, "rows_per_input");
      input = input == null ? List.of() : List.copyOf(input);
      columns = List.copyOf(columns);
    }
  }

  /**
   * A field of an input.
   *
   * @param type the type as Spark SQL writes it
   * @param nullable whether it may be null, or not be there
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record InputField(String name, String type, boolean nullable, String comment)
      implements Serializable {

    public InputField {
      requireNonNull(name, "name");
      requireNonNull(type, "type");
    }
  }

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
  public record Column(String name, String type, boolean nullable, String comment, String cost)
      implements Serializable {

    public Column {
      requireNonNull(name, "name");
      requireNonNull(type, "type");
      requireNonNull(comment, "comment");
    }
  }

  /**
   * An option that the worker takes in {@code open}, as a string.
   *
   * @param defaultValue the value if none is given
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Option(
      String name, String type, @JsonProperty("default") String defaultValue, String description)
      implements Serializable {

    public Option {
      requireNonNull(name, "name");
    }
  }

  /** The names of the options that the worker takes. */
  public List<String> optionNames() {
    return options.stream().map(Option::name).toList();
  }

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
                    "no table '%s' in option 'table'; %s".formatted(wanted, whatItHas())));
  }

  /**
   * The one table that there is.
   *
   * @throws IllegalArgumentException if there are several, or none; the message lists them
   */
  public Table onlyTable() {
    if (tables.size() != 1) {
      throw new IllegalArgumentException("option 'table' is needed; " + whatItHas());
    }
    return tables.get(0);
  }

  private String whatItHas() {
    return "the worker %s %s has: %s"
        .formatted(
            name, version, tables.stream().map(Table::name).collect(Collectors.joining(", ")));
  }
}
