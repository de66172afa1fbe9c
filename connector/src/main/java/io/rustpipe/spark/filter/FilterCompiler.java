package io.rustpipe.spark.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes conditions of Spark's predicates. Each condition is implied by its predicate, and often
 * weaker: of what isn't known here (other columns, casts, functions, {@code rand()}) nothing is
 * demanded. So only listed names, references and literals are taken.
 */
final class FilterCompiler {
  private final StructType offered;
  private final List<StructField> used = new ArrayList<>();

  FilterCompiler(StructType offered) {
    this.offered = offered;
  }

  /** The columns that the conditions so far look at, in the order of their ordinals. */
  StructType columns() {
    return new StructType(used.toArray(StructField[]::new));
  }

  /** What a row must fulfil for the predicate to be true of it; nothing if that can't be said. */
  Optional<Condition> compile(Predicate predicate) {
    return compile(predicate, true);
  }

  private Optional<Condition> compile(Expression expression, boolean expected) {
    if (!(expression instanceof Predicate predicate)) {
      return Optional.empty();
    }
    Expression[] children = predicate.children();
    return switch (predicate.name()) {
      case "AND" -> expected ? all(children, true) : any(children, false);
      case "OR" -> expected ? any(children, true) : all(children, false);
      case "NOT" -> compile(children[0], !expected);
      case "IS_NOT_NULL" -> isNull(children[0], !expected);
      case "IS_NULL" -> isNull(children[0], expected);
      default -> check(predicate, children).map(check -> new Condition.Expect(check, expected));
    };
  }

  /** The parts that can be told are worth something without the others. */
  private Optional<Condition> all(Expression[] children, boolean expected) {
    List<Condition> known =
        Arrays.stream(children).flatMap(child -> compile(child, expected).stream()).toList();
    return known.isEmpty() ? Optional.empty() : Optional.of(new Condition.All(known));
  }

  /** A part that can't be told might always be true. */
  private Optional<Condition> any(Expression[] children, boolean expected) {
    List<Condition> known =
        Arrays.stream(children).flatMap(child -> compile(child, expected).stream()).toList();
    return known.size() < children.length
        ? Optional.empty()
        : Optional.of(new Condition.Any(known));
  }

  private Optional<Condition> isNull(Expression child, boolean expected) {
    return operand(child).map(operand -> new Condition.Expect(new Check.IsNull(operand), expected));
  }

  private Optional<Check> check(Predicate predicate, Expression[] children) {
    return switch (predicate.name()) {
      case "ALWAYS_TRUE" -> Optional.of(new Check.Constant(true));
      case "ALWAYS_FALSE" -> Optional.of(new Check.Constant(false));
      case "=" -> compare(children, Check.Relation.EQUAL);
      case "<>" -> compare(children, Check.Relation.NOT_EQUAL);
      case "<" -> compare(children, Check.Relation.LESS);
      case "<=" -> compare(children, Check.Relation.LESS_OR_EQUAL);
      case ">" -> compare(children, Check.Relation.GREATER);
      case ">=" -> compare(children, Check.Relation.GREATER_OR_EQUAL);
      case "<=>" -> pair(children).map(p -> new Check.NullSafeEqual(p.left, p.right));
      case "IN" -> in(children);
      case "STARTS_WITH" -> match(children, Check.Part.START);
      case "ENDS_WITH" -> match(children, Check.Part.END);
      case "CONTAINS" -> match(children, Check.Part.ANYWHERE);
      default -> Optional.empty();
    };
  }

  private Optional<Check> compare(Expression[] children, Check.Relation relation) {
    return pair(children).map(p -> new Check.Compare(p.left, relation, p.right));
  }

  /** Spark 3.5 can't print a pattern that is no literal, and prints whatever is pushed. */
  private Optional<Check> match(Expression[] children, Check.Part part) {
    return pair(children)
        .filter(p -> p.right instanceof Operand.Literal)
        .filter(p -> p.left.type().equals(DataTypes.StringType))
        .map(p -> new Check.Match(p.left, part, p.right));
  }

  private Optional<Check> in(Expression[] children) {
    Optional<Operand> operand = operand(children[0]);
    Set<Object> values = new HashSet<>();
    boolean withNull = false;
    for (Expression child : Arrays.asList(children).subList(1, children.length)) {
      if (!(child instanceof Literal<?> literal)
          || operand.filter(o -> Values.comparable(o.type(), literal.dataType())).isEmpty()) {
        return Optional.empty();
      }
      if (literal.value() == null) {
        withNull = true;
      } else {
        values.add(Values.key(literal.value()));
      }
    }
    if (children.length == 1) {
      // What null IN () is depends on Spark's configuration.
      return Optional.empty();
    }
    boolean hasNull = withNull;
    return operand.map(o -> new Check.In(o, values, hasNull));
  }

  private record Pair(Operand left, Operand right) {}

  private Optional<Pair> pair(Expression[] children) {
    return operand(children[0])
        .flatMap(left -> operand(children[1]).map(right -> new Pair(left, right)))
        .filter(pair -> Values.comparable(pair.left.type(), pair.right.type()));
  }

  private Optional<Operand> operand(Expression expression) {
    if (expression instanceof Literal<?> literal) {
      return Optional.of(new Operand.Literal(literal.value(), literal.dataType()));
    }
    return expression instanceof NamedReference reference
        ? column(reference.fieldNames())
        : Optional.empty();
  }

  private Optional<Operand> column(String[] names) {
    Optional<StructField> column = field(offered, names[0]);
    if (column.isEmpty()) {
      return Optional.empty();
    }
    Operand operand = new Operand.Column(ordinal(column.get()), column.get().dataType());
    for (String name : Arrays.asList(names).subList(1, names.length)) {
      // A name below an array or a map means something else.
      if (!(operand.type() instanceof StructType struct) || field(struct, name).isEmpty()) {
        return Optional.empty();
      }
      operand =
          new Operand.Field(
              operand, struct.fieldIndex(name), field(struct, name).orElseThrow().dataType());
    }
    return Optional.of(operand);
  }

  private static Optional<StructField> field(StructType struct, String name) {
    return Stream.of(struct.fields()).filter(field -> field.name().equals(name)).findFirst();
  }

  private int ordinal(StructField column) {
    if (!used.contains(column)) {
      used.add(column);
    }
    return used.indexOf(column);
  }
}
