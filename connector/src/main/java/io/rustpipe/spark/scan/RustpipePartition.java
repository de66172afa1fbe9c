package io.rustpipe.spark.scan;

import io.rustpipe.spark.manifest.ManifestSplit;
import org.apache.spark.sql.connector.read.InputPartition;

/** One task's share of the manifest. */
record RustpipePartition(ManifestSplit split) implements InputPartition {}
