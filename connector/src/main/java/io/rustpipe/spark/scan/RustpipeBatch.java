package io.rustpipe.spark.scan;

import io.rustpipe.spark.manifest.ManifestPlan;
import io.rustpipe.spark.manifest.ManifestReaderFactory;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** The tasks of a scan: each reads its stripe of the manifest and has a worker of its own. */
record RustpipeBatch(ManifestPlan<ManifestReaderFactory> plan, ScanDescription description)
    implements Batch {

  @Override
  public InputPartition[] planInputPartitions() {
    return plan.splits().stream().map(RustpipePartition::new).toArray(InputPartition[]::new);
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new RustpipeReaderFactory(plan.readers(), description);
  }
}
