package io.rustpipe.spark.scan;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.Function1;

/** A reader's rows as Spark's API has them, behind the values that were kept of their inputs. */
final class PipedRows implements Iterator<Row> {

  private final RustpipeReader<Object[]> reader;
  private final Function1<Object, Object> toRow;
  private boolean ready;

  /**
   * Rows of a reader that has started nothing yet.
   *
   * @param toRow makes a row of Spark's own form one of its API
   */
  PipedRows(RustpipeReader<Object[]> reader, Function1<Object, Object> toRow) {
    this.reader = reader;
    this.toRow = toRow;
  }

  @Override
  public boolean hasNext() {
    try {
      ready = ready || reader.next();
    } catch (IOException e) {
      throw unchecked(e);
    }
    return ready;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ready = false;
    var kept = reader.kept();
    var made = (Row) toRow.apply(reader.get());
    var values = Arrays.copyOf(kept, kept.length + made.length());
    for (int i = 0; i < made.length(); i++) {
      values[kept.length + i] = made.get(i);
    }
    return RowFactory.create(values);
  }

  /** As it is: Spark's own iterators may throw anything, and a wrapper would hide what it was. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> RuntimeException unchecked(Throwable failure) throws E {
    throw (E) failure;
  }
}
