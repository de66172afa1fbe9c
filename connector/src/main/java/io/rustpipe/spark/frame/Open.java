package io.rustpipe.spark.frame;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a session asks of a worker: the content of the {@code open} frame.
 *
 * @param columns the columns wanted, in the order of every row's values
 * @param options the worker's options by name, values as in Spark
 * @param limit how many rows are enough; null for all
 */
public record Open(
    String table,
    List<Column> columns,
    SortedMap<String, String> options,
    Window window,
    Integer limit)
    implements Serializable {

  public Open {
    columns = List.copyOf(columns);
    options = new TreeMap<>(options);
  }

  /**
   * A column by name and type.
   *
   * @param type the type as Spark SQL writes it
   */
  public record Column(String name, String type) implements Serializable {

    public Column {
      requireNonNull(name, "name");
      requireNonNull(type, "type");
    }

    @Override
    public String toString() {
      return name + " " + type;
    }
  }

  /**
   * How much may be unfinished at once.
   *
   * @param inputs number of inputs
   * @param bytes bytes of their {@code in} frames
   */
  public record Window(int inputs, int bytes) implements Serializable {

    /** The smaller of two windows in both respects. */
    public Window min(Window other) {
      return new Window(Math.min(inputs, other.inputs), Math.min(bytes, other.bytes));
    }
  }
}
