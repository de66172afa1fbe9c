package io.rustpipe.spark.row;

import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.MalformedFrameException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeWriter;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;

/** {@code decimal(p,s)}, digits that are never rounded to fit. */
final class DecimalDecoder implements ValueDecoder {
  /** A longer exponent could stand for gigabytes of digits. */
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");

  /** A sign, a point and Spark's 38 digits fit, with room for zeros. */
  private static final int MAX_LENGTH = 64;

  private final int precision;
  private final int scale;
  private final boolean numbers;

  /**
   * @param numbers whether a JSON number is taken beside a string of digits
   */
  DecimalDecoder(DecimalType type, boolean numbers) {
    this.precision = type.precision();
    this.scale = type.scale();
    this.numbers = numbers;
  }

  @Override
  public void decode(JsonCursor cursor, UnsafeWriter writer, int ordinal)
      throws MalformedFrameException {
    String text = numbers && !cursor.isString() ? cursor.readNumber() : cursor.readString();
    if (text.length() > MAX_LENGTH || !NUMBER.matcher(text).matches()) {
      throw cursor.malformed("not a decimal number of at most " + MAX_LENGTH + " characters");
    }
    BigDecimal value;
    try {
      value = new BigDecimal(text).setScale(scale, RoundingMode.UNNECESSARY);
    } catch (ArithmeticException e) {
      throw cursor.malformed("more than " + scale + " digits after the point");
    }
    if (value.precision() > precision) {
      throw cursor.malformed("more than " + precision + " digits");
    }
    writer.write(ordinal, Decimal.apply(value, precision, scale), precision, scale);
  }

  @Override
  public void setNull(UnsafeWriter writer, int ordinal) {
    // Spark lays out a null by its precision.
    writer.write(ordinal, (Decimal) null, precision, scale);
  }
}
