/** What Spark's UI shows of a scan, beside its rows: sums of the worker's counters. */
package io.rustpipe.spark.metric;
