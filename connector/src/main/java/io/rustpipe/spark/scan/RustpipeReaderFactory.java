package io.rustpipe.spark.scan;

import io.rustpipe.spark.manifest.ManifestReaderFactory;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Makes a task's reader on the executor. */
record RustpipeReaderFactory(ManifestReaderFactory manifest, ScanDescription description)
    implements PartitionReaderFactory {

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    var split = ((RustpipePartition) partition).split();
    var task = TaskContext.get();
    return new RustpipeReader<>(
        description,
        manifest.reader(split),
        Function.identity(),
        TaskCancel.of(task),
        TaskLabel.of(task));
  }
}
