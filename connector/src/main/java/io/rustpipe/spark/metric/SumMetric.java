package io.rustpipe.spark.metric;

import org.apache.spark.sql.connector.metric.CustomSumMetric;

/**
 * A sum over tasks. Spark's UI makes one by the class's name, only to add values up: hence the
 * empty constructor.
 */
public final class SumMetric extends CustomSumMetric {

  private final String name;
  private final String description;

  /** For Spark's UI, which knows the name and description already. */
  public SumMetric() {
    this("", "");
  }

  SumMetric(String name, String description) {
    this.name = name;
    this.description = description;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }
}
