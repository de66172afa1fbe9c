package io.rustpipe.benchmarks.rows;

import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * A table of frames out of memory, so that Spark's part of the cost is measured with the decoder's:
 * option {@code decoder} is a {@link Decoder}, {@code partitions} and {@code frames} (of each
 * partition) are numbers.
 */
public final class FrameSource implements TableProvider {
  /** How frames become rows. */
  public enum Decoder {
    /** The connector's decoder. */
    UNSAFE_ROW,
    /** A columnar batch per frame. */
    COLUMNAR,
    /** Jackson's tokens into unsafe rows. */
    JACKSON
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return Frames.SCHEMA;
  }

  @Override
  public Table getTable(StructType schema, Transform[] transforms, Map<String, String> properties) {
    var options = new CaseInsensitiveStringMap(properties);
    return new FrameTable(
        Decoder.valueOf(options.get("decoder")),
        options.getInt("partitions", 1),
        options.getInt("frames", 1));
  }

  private record FrameTable(Decoder decoder, int partitions, int frames)
      implements SupportsRead, ScanBuilder, Scan, Batch {
    @Override
    public String name() {
      return "frames";
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ);
    }

    @Override
    @SuppressWarnings("deprecation") // Spark calls this one unless columns() is there.
    public StructType schema() {
      return Frames.SCHEMA;
    }

    @Override
    public StructType readSchema() {
      return Frames.SCHEMA;
    }

    @Override
    public ColumnarSupportMode columnarSupportMode() {
      return decoder == Decoder.COLUMNAR
          ? ColumnarSupportMode.SUPPORTED
          : ColumnarSupportMode.UNSUPPORTED;
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return this;
    }

    @Override
    public Scan build() {
      return this;
    }

    @Override
    public Batch toBatch() {
      return this;
    }

    @Override
    public InputPartition[] planInputPartitions() {
      return IntStream.range(0, partitions)
          .mapToObj(i -> new FramePartition(decoder, frames))
          .toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      return new FrameReaderFactory();
    }
  }

  private record FramePartition(Decoder decoder, int frames) implements InputPartition {}

  private record FrameReaderFactory() implements PartitionReaderFactory {
    @Override
    public boolean supportColumnarReads(InputPartition partition) {
      return ((FramePartition) partition).decoder() == Decoder.COLUMNAR;
    }

    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      FramePartition frames = (FramePartition) partition;
      return new FrameReader<>(
          frames.decoder() == Decoder.JACKSON ? new JacksonRows() : new UnsafeRows(),
          frames.frames());
    }

    @Override
    public PartitionReader<ColumnarBatch> createColumnarReader(InputPartition partition) {
      return new FrameReader<>(new ColumnarBatches(), ((FramePartition) partition).frames());
    }
  }
}
