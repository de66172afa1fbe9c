package io.rustpipe.spark.frame;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) String version,
    @JsonProperty(required = true) List<Integer> protocol,
    @JsonProperty(required = true) String platform,
    @JsonProperty(required = true) List<Table> tables,
    @JsonProperty(required = true) List<Option> options)
    implements Serializable {

  /** Only what says so must be there: everywhere else it is every field. */
  private static final JsonMapper MAPPER =
      Frames.MAPPER
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

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
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String comment,
      @JsonProperty(value = "rows_per_input", required = true) RowsPerInput rowsPerInput,
      List<InputField> input,
      @JsonProperty(required = true) List<Column> columns)
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
  public record InputField(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String type,
      @JsonProperty(required = true) boolean nullable,
      @JsonProperty(required = true) String comment)
      implements Serializable {

    public InputField {
      requireNonNull(name, "name");
      requireNonNull(type, "type");
    }
  }

  /** How many rows an input ends with. */
  public enum RowsPerInput {
    /** Exactly one; none of an input that ends with an {@code error} frame. */
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
  public record Column(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String type,
      @JsonProperty(required = true) boolean nullable,
      @JsonProperty(required = true) String comment,
      @JsonProperty(required = true) String cost)
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
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String type,
      @JsonProperty(value = "default", required = true) String defaultValue,
      @JsonProperty(required = true) String description)
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
    return MAPPER.readValue(json, Description.class);
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
