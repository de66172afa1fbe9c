/**
 * From a frame's bytes to Spark's rows. It knows the protocol's values and Spark's unsafe layout;
 * nothing of processes, of frames other than a row's JSON, or of the scan.
 */
package io.rustpipe.spark.row;
