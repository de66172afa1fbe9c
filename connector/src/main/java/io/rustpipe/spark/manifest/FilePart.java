package io.rustpipe.spark.manifest;

import org.apache.spark.sql.connector.read.InputPartition;

/**
 * One of Spark's file partitions.
 *
 * @param bytes its size in bytes, compressed if the files are
 * @param fileCount how many files, or pieces of files, have to be opened for it
 */
record FilePart(InputPartition files, long bytes, int fileCount) {}
