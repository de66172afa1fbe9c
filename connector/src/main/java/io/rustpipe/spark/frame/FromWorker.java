package io.rustpipe.spark.frame;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * The control frames of a worker. {@code rows} is not among them: its bytes are decoded in place.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FromWorker.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = FromWorker.Done.class, name = "done"),
  @JsonSubTypes.Type(value = FromWorker.Failed.class, name = "error"),
  @JsonSubTypes.Type(value = FromWorker.Metrics.class, name = "metrics"),
  @JsonSubTypes.Type(value = FromWorker.Log.class, name = "log"),
  @JsonSubTypes.Type(value = FromWorker.Bye.class, name = "bye"),
})
@JsonIgnoreProperties(ignoreUnknown = true)
public sealed interface FromWorker {

  /** The answer to {@code open}: what the worker is going to send. */
  record Hello(
      int version,
      String name,
      @JsonProperty("worker_version") String workerVersion,
      List<Open.Column> columns,
      Open.Window window)
      implements FromWorker {

    public Hello {
      requireNonNull(name, "name");
      columns = List.copyOf(columns);
      requireNonNull(window, "window");
    }
  }

  /**
   * An input has ended well.
   *
   * @param rows all rows sent for it
   */
  record Done(long id, String status, long rows) implements FromWorker {}

  /**
   * An input has ended in an error.
   *
   * @param code one of the closed list of error codes
   * @param retryable whether another try can help
   * @param rows all rows sent for it
   */
  record Failed(long id, String code, String message, boolean retryable, long rows)
      implements FromWorker {

    public Failed {
      requireNonNull(code, "code");
      requireNonNull(message, "message");
    }
  }

  /** Cumulative counters. */
  record Metrics(Map<String, Long> counters) implements FromWorker {

    public Metrics {
      counters = Map.copyOf(counters);
    }
  }

  /** A line for the connector's log. */
  record Log(String level, String message) implements FromWorker {

    public Log {
      requireNonNull(level, "level");
      requireNonNull(message, "message");
    }
  }

  /** The totals, as the last frame. */
  record Bye(long inputs, long rows, long errors) implements FromWorker {}
}
