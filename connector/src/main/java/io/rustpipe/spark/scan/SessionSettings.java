package io.rustpipe.spark.scan;

import io.rustpipe.spark.worker.HadoopSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A session's settings of file systems as the tasks of a query see them: a thousand properties,
 * which every executor gets once, and of which a plan has only the number.
 */
record SessionSettings(Broadcast<SerializableConfiguration> broadcast) implements HadoopSettings {

  /**
   * Those that Spark reads files with: the application's, and over them all that the session has
   * set.
   */
  static SessionSettings ofActiveSession() {
    var context = SparkSession.active().sparkContext();
    var settings = new Configuration(context.hadoopConfiguration());
    SQLConf.get().settings().forEach(settings::set);
    return new SessionSettings(
        JavaSparkContext.fromSparkContext(context)
            .broadcast(new SerializableConfiguration(settings)));
  }

  @Override
  public Configuration get() {
    return broadcast.value().value();
  }
}
