package io.rustpipe.spark.filter;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * What has to be true of a row. SQL's third value needs no place here, as a row is dropped for it
 * as for false: negations stand only right above a {@link Check}, which knows it.
 */
sealed interface Condition extends Serializable {

  boolean isTrue(InternalRow row);

  /** Whether a check comes out as expected: a null does neither way. */
  record Expect(Check check, boolean expected) implements Condition {
    @Override
    public boolean isTrue(InternalRow row) {
      Boolean value = check.value(row);
      return value != null && value == expected;
    }
  }

  /** All are true. */
  record All(List<Condition> parts) implements Condition {
    @Override
    public boolean isTrue(InternalRow row) {
      for (Condition part : parts) {
        if (!part.isTrue(row)) {
          return false;
        }
      }
      return true;
    }
  }

  /** At least one is true. */
  record Any(List<Condition> parts) implements Condition {
    @Override
    public boolean isTrue(InternalRow row) {
      for (Condition part : parts) {
        if (part.isTrue(row)) {
          return true;
        }
      }
      return false;
    }
  }
}
