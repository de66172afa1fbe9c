package io.rustpipe.spark.filter;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.StructType;

/**
 * The predicates of a query over some columns. What can't be evaluated lets every row pass, because
 * Spark evaluates all predicates again.
 *
 * @param conditions all of them hold for a row that passes
 * @param columns the columns that they look at, in the order of the rows to be tested
 * @param text the predicates that the conditions were made from, for people
 */
public record RowFilter(List<Condition> conditions, StructType columns, String text)
    implements Serializable {
  /** Lets every row pass. */
  public static final RowFilter NONE = new RowFilter(List.of(), new StructType(), "");

  public RowFilter {
    conditions = List.copyOf(conditions);
  }

  /**
   * The filter for predicates that all have to hold.
   *
   * @param offered the columns that may be looked at
   */
  public static RowFilter of(StructType offered, Predicate... predicates) {
    var compiler = new FilterCompiler(offered);
    List<Condition> conditions = new ArrayList<>();
    List<Predicate> evaluated = new ArrayList<>();
    for (Predicate predicate : predicates) {
      compiler
          .compile(predicate)
          .ifPresent(
              condition -> {
                conditions.add(condition);
                evaluated.add(predicate);
              });
    }
    return new RowFilter(
        conditions,
        compiler.columns(),
        evaluated.stream().map(Predicate::toString).collect(Collectors.joining(" AND ")));
  }

  /** Whether every row passes. */
  public boolean isEmpty() {
    return conditions.isEmpty();
  }

  /**
   * Whether the row could be among those that Spark wants.
   *
   * @param row the values of {@link #columns}
   */
  public boolean mayAccept(InternalRow row) {
    for (Condition condition : conditions) {
      if (!condition.isTrue(row)) {
        return false;
      }
    }
    return true;
  }
}
