package io.rustpipe.spark.filter;

import java.io.Serializable;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** One comparison, with SQL's three results: true, false and null. */
sealed interface Check extends Serializable {

  Boolean value(InternalRow row);

  record Constant(Boolean value) implements Check {
    @Override
    public Boolean value(InternalRow row) {
      return value;
    }
  }

  record IsNull(Operand operand) implements Check {
    @Override
    public Boolean value(InternalRow row) {
      return operand.value(row) == null;
    }
  }

  record Compare(Operand left, Relation relation, Operand right) implements Check {
    @Override
    public Boolean value(InternalRow row) {
      Object a = left.value(row);
      Object b = right.value(row);
      return (a == null || b == null) ? null : relation.holds(Values.compare(a, b));
    }
  }

  /** {@code <=>}: equal or both null. */
  record NullSafeEqual(Operand left, Operand right) implements Check {
    @Override
    public Boolean value(InternalRow row) {
      Object a = left.value(row);
      Object b = right.value(row);
      return (a == null || b == null) ? a == b : Values.compare(a, b) == 0;
    }
  }

  /**
   * {@code IN}.
   *
   * @param values without null, in the form of {@link Values#key}
   * @param withNull whether null is in the list: then nothing is surely outside of it
   */
  record In(Operand operand, Set<Object> values, boolean withNull) implements Check {
    @Override
    public Boolean value(InternalRow row) {
      Object value = operand.value(row);
      if (value == null) {
        return null;
      }
      if (values.contains(Values.key(value))) {
        return true;
      }
      return withNull ? null : false;
    }
  }

  record Match(Operand text, Part part, Operand pattern) implements Check {
    @Override
    public Boolean value(InternalRow row) {
      var a = (UTF8String) text.value(row);
      var b = (UTF8String) pattern.value(row);
      return (a == null || b == null) ? null : part.matches(a, b);
    }
  }

  /** How the first operand has to stand to the second. */
  enum Relation {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }
  }

  /** Where in a text another has to be. */
  enum Part {
    START,
    END,
    ANYWHERE;

    boolean matches(UTF8String text, UTF8String pattern) {
      return switch (this) {
        case START -> text.startsWith(pattern);
        case END -> text.endsWith(pattern);
        case ANYWHERE -> text.contains(pattern);
      };
    }
  }
}
