package io.rustpipe.spark.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.GeneralScalarExpression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.LiteralValue;
import org.apache.spark.sql.connector.expressions.filter.AlwaysFalse;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.And;
import org.apache.spark.sql.connector.expressions.filter.Not;
import org.apache.spark.sql.connector.expressions.filter.Or;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row passes unless a predicate is surely false or null of it. */
final class RowFilterTest {
  private static final StructType COLUMNS =
      StructType.fromDDL(
          "s STRING, i INT, l BIGINT, d DOUBLE, f FLOAT, b BOOLEAN, dec DECIMAL(10,2), day DATE,"
              + " at TIMESTAMP, raw BINARY, meta STRUCT<kind: STRING, deep: STRUCT<n: INT>>,"
              + " list ARRAY<STRING>, `a.b` INT, j INT");

  private static final Predicate UNKNOWN = is("=", column("status"), text("new"));
  private static final Predicate RANDOM =
      is("<", new GeneralScalarExpression("RAND", new Expression[0]), literal(0.5));

  @ParameterizedTest
  @CsvSource({
    "=,    false,true,false",
    "<>,   true,false,true",
    "<,    true,false,false",
    "<=,   true,true,false",
    ">,    false,false,true",
    ">=,   false,true,true",
    "<=>,  false,true,false",
  })
  void comparisons(String operator, boolean less, boolean same, boolean greater) {
    Predicate i = is(operator, column("i"), literal(5));
    assertEquals(
        List.of(less, same, greater, false),
        List.of(accepts(i, "i", 4), accepts(i, "i", 5), accepts(i, "i", 6), accepts(i, "i", null)));
    Predicate s = is(operator, column("s"), text("m"));
    assertEquals(
        List.of(less, same, greater),
        List.of(
            accepts(s, "s", utf8("lz")), accepts(s, "s", utf8("m")), accepts(s, "s", utf8("é"))));
  }

  @Test
  void literalMayStandFirstAndColumnsMayBeCompared() {
    assertTrue(accepts(is("<", literal(5), column("i")), "i", 6));
    assertFalse(accepts(is("<", literal(5), column("i")), "i", 5));
    var filter = RowFilter.of(COLUMNS, is("=", column("i"), column("j")));
    assertEquals(List.of("i", "j"), List.of(filter.columns().fieldNames()));
    assertTrue(filter.mayAccept(new GenericInternalRow(new Object[] {1, 1})));
    assertFalse(filter.mayAccept(new GenericInternalRow(new Object[] {1, 2})));
  }

  @Test
  void stringsAreOrderedByTheirBytesAsUnsigned() {
    assertTrue(accepts(is(">", column("s"), text("z")), "s", utf8("é")));
    assertTrue(accepts(is("<", column("s"), text("ab")), "s", utf8("a")));
  }

  @Test
  void nanIsEqualToItselfAndGreaterThanAllElse() {
    for (boolean isDouble : List.of(true, false)) {
      String name = isDouble ? "d" : "f";
      Object nan = isDouble ? (Object) Double.NaN : Float.NaN;
      Object max = isDouble ? (Object) Double.POSITIVE_INFINITY : Float.POSITIVE_INFINITY;
      var type = isDouble ? DataTypes.DoubleType : DataTypes.FloatType;
      assertTrue(accepts(is("=", column(name), literal(nan, type)), name, nan));
      assertTrue(accepts(is(">", column(name), literal(max, type)), name, nan));
      assertTrue(accepts(is("IN", column(name), literal(nan, type)), name, nan));
      assertFalse(accepts(is("<", column(name), literal(nan, type)), name, nan));
    }
  }

  @Test
  void zerosAreEqualWhateverTheirSign() {
    assertTrue(accepts(is("=", column("d"), literal(0.0)), "d", -0.0));
    assertFalse(accepts(is("<", column("d"), literal(0.0)), "d", -0.0));
    assertTrue(accepts(is("IN", column("d"), literal(-0.0)), "d", 0.0));
    assertTrue(accepts(is("=", column("f"), literal(-0.0f, DataTypes.FloatType)), "f", 0.0f));
  }

  @Test
  void decimalsAreComparedByValueWhateverTheirScale() {
    var literal = literal(Decimal.apply("1.5"), DataTypes.createDecimalType(2, 1));
    assertTrue(accepts(is("=", column("dec"), literal), "dec", Decimal.apply("1.50")));
    assertTrue(accepts(is("IN", column("dec"), literal), "dec", Decimal.apply("1.50")));
    assertFalse(accepts(is(">", column("dec"), literal), "dec", Decimal.apply("1.49")));
  }

  @Test
  void daysTimesAndBooleans() {
    assertTrue(accepts(is(">", column("day"), literal(1, DataTypes.DateType)), "day", 2));
    assertFalse(accepts(is(">", column("at"), literal(5L, DataTypes.TimestampType)), "at", 5L));
    assertTrue(accepts(is("=", column("b"), new AlwaysTrue()), "b", true));
    assertFalse(accepts(is("=", column("b"), new AlwaysTrue()), "b", false));
  }

  @Test
  void partsOfStrings() {
    var text = utf8("http://host/a.tgz");
    assertTrue(accepts(is("STARTS_WITH", column("s"), text("http:")), "s", text));
    assertFalse(accepts(is("STARTS_WITH", column("s"), text("ttp:")), "s", text));
    assertTrue(accepts(is("ENDS_WITH", column("s"), text(".tgz")), "s", text));
    assertFalse(accepts(is("ENDS_WITH", column("s"), text(".tg")), "s", text));
    assertTrue(accepts(is("CONTAINS", column("s"), text("host")), "s", text));
    assertFalse(accepts(is("CONTAINS", column("s"), text("HOST")), "s", text));
    assertFalse(accepts(is("CONTAINS", column("s"), text("")), "s", null));
    assertFalse(accepts(not(is("CONTAINS", column("s"), text("x"))), "s", null));
  }

  @Test
  void nullIsNeitherTrueNorFalse() {
    Predicate equal = is("=", column("i"), literal(5));
    assertFalse(accepts(equal, "i", null));
    assertFalse(accepts(not(equal), "i", null));
    assertFalse(accepts(is("=", column("i"), literal(null, DataTypes.IntegerType)), "i", 5));
    assertTrue(accepts(is("IS_NULL", column("i")), "i", null));
    assertFalse(accepts(is("IS_NULL", column("i")), "i", 1));
    assertFalse(accepts(not(is("IS_NULL", column("i"))), "i", null));
    assertTrue(accepts(is("IS_NOT_NULL", column("i")), "i", 1));
    assertTrue(accepts(not(is("IS_NOT_NULL", column("i"))), "i", null));
    Predicate nullSafe = is("<=>", column("i"), literal(null, DataTypes.IntegerType));
    assertTrue(accepts(nullSafe, "i", null));
    assertFalse(accepts(nullSafe, "i", 1));
    assertTrue(accepts(not(nullSafe), "i", 1));
  }

  @Test
  void listsWithAndWithoutNull() {
    Predicate in = is("IN", column("i"), literal(1), literal(2));
    assertTrue(accepts(in, "i", 2));
    assertFalse(accepts(in, "i", 3));
    assertFalse(accepts(in, "i", null));
    assertTrue(accepts(not(in), "i", 3));
    assertFalse(accepts(not(in), "i", 2));
    assertFalse(accepts(not(in), "i", null));
    Predicate withNull = is("IN", column("i"), literal(1), literal(null, DataTypes.IntegerType));
    assertTrue(accepts(withNull, "i", 1));
    assertFalse(accepts(withNull, "i", 3));
    assertFalse(accepts(not(withNull), "i", 3));
    assertUnknown(is("IN", column("i")));
    assertUnknown(is("IN", column("i"), literal(1), column("j")));
  }

  @Test
  void andOrNotAsInSql() {
    Predicate five = is("=", column("i"), literal(5));
    Predicate big = is(">", column("i"), literal(3));
    assertTrue(accepts(new And(five, big), "i", 5));
    assertFalse(accepts(new And(five, big), "i", 4));
    assertTrue(accepts(new Or(five, big), "i", 4));
    assertFalse(accepts(new Or(five, big), "i", 3));
    assertTrue(accepts(not(new And(five, big)), "i", 4));
    assertFalse(accepts(not(new And(five, big)), "i", 5));
    assertFalse(accepts(not(new Or(five, big)), "i", 4));
    assertTrue(accepts(not(new Or(five, big)), "i", 3));
    assertTrue(accepts(not(not(five)), "i", 5));
    assertFalse(accepts(new Or(five, big), "i", null));
    assertTrue(accepts(new Or(five, new AlwaysTrue()), "i", null));
    assertFalse(accepts(new And(is("IS_NULL", column("i")), new AlwaysFalse()), "i", null));
    assertFalse(accepts(not(new AlwaysTrue()), "i", 1));
  }

  @Test
  void whatIsNotKnownDemandsNothing() {
    Predicate five = is("=", column("i"), literal(5));
    for (Predicate unknown : List.of(UNKNOWN, RANDOM)) {
      assertUnknown(unknown);
      assertUnknown(not(unknown));
      assertUnknown(new Or(five, unknown));
      assertUnknown(not(new And(five, unknown)));
      assertUnknown(new And(unknown, unknown));
      assertFalse(accepts(new And(five, unknown), "i", 4));
      assertFalse(accepts(new And(unknown, five), "i", 4));
      assertTrue(accepts(new And(five, unknown), "i", 5));
      assertFalse(accepts(not(new Or(five, unknown)), "i", 5));
      assertTrue(accepts(not(new Or(five, unknown)), "i", 4));
      assertFalse(accepts(new And(new Or(five, unknown), five), "i", 4));
    }
  }

  @Test
  void operandsOfOtherTypesAndKindsAreNotKnown() {
    assertUnknown(is("=", column("i"), literal(5L, DataTypes.LongType)));
    assertUnknown(is("=", column("raw"), literal(new byte[0], DataTypes.BinaryType)));
    assertUnknown(is("=", column("list", "x"), text("x")));
    assertUnknown(is("=", column("I"), literal(5)));
    assertUnknown(is("=", is("=", column("i"), literal(5)), new AlwaysTrue()));
    assertUnknown(is("STARTS_WITH", column("i"), literal(5)));
    assertUnknown(is("STARTS_WITH", column("s"), column("s")));
    assertUnknown(is("SOUNDS_LIKE", column("s"), text("x")));
    assertUnknown(
        is("=", new GeneralScalarExpression("UPPER", new Expression[] {column("s")}), text("X")));
  }

  @Test
  void fieldsOfStructs() {
    var kind = is("=", column("meta", "kind"), text("x"));
    assertTrue(accepts(kind, "meta", row(utf8("x"), null)));
    assertFalse(accepts(kind, "meta", row(utf8("y"), null)));
    assertFalse(accepts(kind, "meta", null));
    var deep = is("IS_NULL", column("meta", "deep", "n"));
    assertTrue(accepts(deep, "meta", null));
    assertTrue(accepts(deep, "meta", row(null, null)));
    assertTrue(accepts(deep, "meta", row(null, row((Object) null))));
    assertFalse(accepts(deep, "meta", row(null, row(1))));
    assertUnknown(is("=", column("meta", "nothing"), text("x")));
    assertTrue(accepts(is("=", column("a.b"), literal(1)), "a.b", 1));
    assertUnknown(is("=", column("a", "b"), literal(1)));
  }

  @Test
  void severalPredicatesHaveToHoldTogetherAndOnlyTheirColumnsAreRead() {
    var filter =
        RowFilter.of(
            COLUMNS, is("IS_NOT_NULL", column("l")), UNKNOWN, is("=", column("i"), literal(5)));
    assertEquals(List.of("l", "i"), List.of(filter.columns().fieldNames()));
    assertTrue(filter.mayAccept(new GenericInternalRow(new Object[] {1L, 5})));
    assertFalse(filter.mayAccept(new GenericInternalRow(new Object[] {1L, 4})));
    assertEquals("l IS NOT NULL AND i = 5", filter.text());
  }

  @Test
  void filterIsTheSameAfterTheWire() throws Exception {
    var filter =
        RowFilter.of(
            COLUMNS,
            new Or(is("IN", column("s"), text("a"), text("b")), is("=", column("i"), literal(5))));
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(filter);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      var copy = (RowFilter) in.readObject();
      assertEquals(filter, copy);
      assertEquals(filter.hashCode(), copy.hashCode());
      assertTrue(copy.mayAccept(new GenericInternalRow(new Object[] {utf8("b"), 1})));
      assertFalse(copy.mayAccept(new GenericInternalRow(new Object[] {utf8("c"), 1})));
    }
    assertNotEquals(filter, RowFilter.of(COLUMNS, is("=", column("i"), literal(5))));
  }

  private static void assertUnknown(Predicate predicate) {
    assertTrue(RowFilter.of(COLUMNS, predicate).isEmpty(), predicate::name);
  }

  /** Whether the predicate lets a row pass that has this value in this one column. */
  private static boolean accepts(Predicate predicate, String column, Object value) {
    var filter = RowFilter.of(COLUMNS, predicate);
    assertFalse(filter.isEmpty(), predicate + " is not evaluated");
    var row = new Object[filter.columns().size()];
    Arrays.fill(row, value);
    assertTrue(filter.columns().isEmpty() || filter.columns().fieldNames()[0].equals(column));
    return filter.mayAccept(new GenericInternalRow(row));
  }

  private static GenericInternalRow row(Object... values) {
    return new GenericInternalRow(values);
  }

  private static Predicate is(String name, Expression... children) {
    return new Predicate(name, children);
  }

  private static Predicate not(Predicate predicate) {
    return new Not(predicate);
  }

  private static Expression column(String... names) {
    return Expressions.column(
        String.join(".", Arrays.stream(names).map(name -> "`" + name + "`").toList()));
  }

  private static Literal<?> text(String value) {
    return literal(utf8(value), DataTypes.StringType);
  }

  private static UTF8String utf8(String value) {
    return UTF8String.fromString(value);
  }

  private static Literal<?> literal(int value) {
    return literal(value, DataTypes.IntegerType);
  }

  private static Literal<?> literal(double value) {
    return literal(value, DataTypes.DoubleType);
  }

  private static Literal<?> literal(Object value, DataType type) {
    return new LiteralValue<>(value, type);
  }
}
