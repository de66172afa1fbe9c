package io.rustpipe.spark.scan;

import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * Rows whose times are of {@code java.time}, whatever the session says: the calendar of {@code
 * java.sql} has no days between 1582-10-04 and 1582-10-15, and others before that. Spark looks at
 * its configuration when it makes an encoder or a converter, and not later.
 */
final class JavaTimes {

  private JavaTimes() {}

  private static SQLConf conf() {
    var conf = new SQLConf();
    conf.setConfString("spark.sql.datetime.java8API.enabled", "true");
    return conf;
  }

  /** An encoder of such rows. */
  static Encoder<Row> encoder(StructType schema) {
    return SQLConf.withExistingConf(conf(), () -> Encoders.row(schema));
  }

  /** From Spark's own form to such rows. */
  static Function1<Object, Object> converter(DataType type) {
    return SQLConf.withExistingConf(
        conf(), () -> CatalystTypeConverters.createToScalaConverter(type));
  }
}
