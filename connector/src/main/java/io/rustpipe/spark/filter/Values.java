package io.rustpipe.spark.filter;

import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;

/** The values that can be compared here, and their order, which is Spark's. */
final class Values {
  /** A string with a collation is of a type that is not equal to {@code StringType}. */
  private static final Set<DataType> COMPARABLE =
      Set.of(
          DataTypes.StringType,
          DataTypes.BooleanType,
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType,
          DataTypes.FloatType,
          DataTypes.DoubleType,
          DataTypes.DateType,
          DataTypes.TimestampType,
          DataTypes.TimestampNTZType);

  private Values() {}

  /** Whether values of the two types have an order without a cast. */
  static boolean comparable(DataType left, DataType right) {
    return (left instanceof DecimalType && right instanceof DecimalType)
        || (left.equals(right) && COMPARABLE.contains(left));
  }

  /** The order of two values that are not null and of comparable types. */
  @SuppressWarnings("unchecked")
  static int compare(Object left, Object right) {
    if (left instanceof UTF8String a) {
      // UTF8String's own order has another name in each version of Spark.
      return Arrays.compareUnsigned(a.getBytes(), ((UTF8String) right).getBytes());
    }
    if (left instanceof Decimal a) {
      return a.compare((Decimal) right);
    }
    return ((Comparable<Object>) key(left)).compareTo(key(right));
  }

  /**
   * The value in a form of which {@code equals} is true where Spark's {@code =} is: all NaN are
   * one, and so are both zeros.
   */
  static Object key(Object value) {
    if (value instanceof Double d) {
      return d + 0.0;
    }
    if (value instanceof Float f) {
      return f + 0.0f;
    }
    return value;
  }
}
