package io.rustpipe.spark.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.config.KeepClause.Column;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeepClauseTest {
  @Test
  void nothingAndStar() {
    assertEquals(KeepClause.NONE, KeepClause.parse(" "));
    assertEquals(KeepClause.NONE, KeepClause.parse(" None"));
    assertEquals(List.of(new Column("none", "none")), KeepClause.parse("`none`").columns());
    assertEquals(KeepClause.ALL, KeepClause.parse(" * "));
  }

  @Test
  void columnsWithAndWithoutNewNames() {
    assertEquals(
        List.of(new Column("a", "a"), new Column("b_2", "c"), new Column("größe", "as")),
        KeepClause.parse(" a,b_2  as c , größe AS as ").columns());
  }

  @Test
  void oddNamesGoInBackticks() {
    assertEquals(
        List.of(new Column("dist.tar, ball", "x`y"), new Column("a b", "a b")),
        KeepClause.parse("`dist.tar, ball` AS `x``y`,`a b`").columns());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,",
        ",a",
        "a,,b",
        "a b",
        "a AS",
        "AS b c",
        "a.b",
        "odd-name",
        "`a",
        "a`",
        "``",
        "*, a",
        "a AS *",
        "a, *"
      })
  void anythingElseIsAnErrorThatShowsWhere(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> KeepClause.parse(text)).getMessage();
    assertTrue(message.contains("it goes wrong at '"), message);
  }

  @Test
  void errorShowsTheRestOfTheText() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> KeepClause.parse("name, odd-name"))
            .getMessage();
    assertTrue(message.contains("goes wrong at '-name'"), message);
  }

  @Test
  void longValuesAreReadWithoutDeepStacks() {
    String name = "`" + "x``".repeat(500_000) + "`";
    assertEquals(1, KeepClause.parse(name).columns().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "none", "`none`", "nonesuch", "a", "a, b AS c", "`a b` AS `x``y`, d"})
  void printsAsItIsWritten(String text) {
    assertEquals(text, KeepClause.parse(text).toString());
  }
}
