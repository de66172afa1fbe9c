package io.rustpipe.spark.scan;

import io.rustpipe.spark.manifest.LineReaderFactory;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Makes a task's reader on the executor. */
record LinesReaderFactory(LineReaderFactory manifest, LinesDescription description)
    implements PartitionReaderFactory {

  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    var split = ((RustpipePartition) partition).split();
    var task = TaskContext.get();
    return new LinesReader(
        description, manifest.reader(split), TaskCancel.of(task), TaskLabel.of(task));
  }
}
