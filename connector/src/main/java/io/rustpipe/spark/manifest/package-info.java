/**
 * The manifest: which inputs there are, with which of their columns, and which task gets which. The
 * one place that touches Spark's internal file-source classes. Knows nothing of workers, protocols
 * or results.
 */
package io.rustpipe.spark.manifest;
