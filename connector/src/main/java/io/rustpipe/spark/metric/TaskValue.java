package io.rustpipe.spark.metric;

import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What one task has counted. */
record TaskValue(String name, long value) implements CustomTaskMetric {}
