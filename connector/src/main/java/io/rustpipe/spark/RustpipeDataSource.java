package io.rustpipe.spark;

import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.scan.RustpipeTable;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.SessionConfigSupport;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code spark.read.format("rustpipe").load("urls.txt")}: a manifest of URLs as a typed table.
 *
 * <p>Options are listed in {@code docs/options.md}; session settings {@code
 * spark.datasource.rustpipe.*} are their defaults.
 */
public final class RustpipeDataSource
    implements TableProvider, DataSourceRegister, SessionConfigSupport {

  /** Spark asks for the schema and then for the table with it: the manifest is looked at once. */
  private RustpipeTable table;

  @Override
  public String shortName() {
    return RustpipeOptions.KEY_PREFIX;
  }

  @Override
  public String keyPrefix() {
    return RustpipeOptions.KEY_PREFIX;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    table = RustpipeTable.resolve(RustpipeOptions.of(options));
    return table.schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    if (table == null || !table.schema().equals(schema)) {
      table = RustpipeTable.resolve(RustpipeOptions.of(new CaseInsensitiveStringMap(properties)));
    }
    return table;
  }
}
