package io.rustpipe.it;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Values of Spark's rows as texts that are equal only if the values are. */
final class ValueTexts {
  private ValueTexts() {}

  static List<String> of(List<Row> rows) {
    return rows.stream().map(ValueTexts::text).toList();
  }

  private static String text(Object value) {
    if (value instanceof Row row) {
      return IntStream.range(0, row.length())
          .mapToObj(i -> text(row.get(i)))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (value instanceof List<?> list) {
      return list.stream().map(ValueTexts::text).toList().toString();
    } else if (value instanceof Map<?, ?> map) {
      // Which comes first is nothing that Spark's rows keep.
      return map.entrySet().stream()
          .map(entry -> text(entry.getKey()) + "=" + text(entry.getValue()))
          .sorted()
          .toList()
          .toString();
    } else if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof scala.collection.Seq) {
      return text(RowFactory.create(value).getList(0));
    } else if (value instanceof scala.collection.Map) {
      return text(RowFactory.create(value).getJavaMap(0));
    }
    return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
  }
}
