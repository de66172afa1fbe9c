package io.rustpipe.spark;

import io.rustpipe.spark.config.Protocol;
import io.rustpipe.spark.config.RustpipeOptions;
import io.rustpipe.spark.scan.LinesTable;
import io.rustpipe.spark.scan.RustpipeTable;
import java.util.Map;
import java.util.Optional;
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

  /** A user's schema is taken: of a program that knows none it is the only one there is. */
  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap given) {
    var options = RustpipeOptions.of(given);
    if (options.protocol() == Protocol.LINES) {
      throw LinesTable.withoutSchema();
    }
    table = RustpipeTable.resolve(options, Optional.empty());
    return table.schema();
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    if (table != null && table.schema().equals(schema)) {
      return table;
    }
    var options = RustpipeOptions.of(new CaseInsensitiveStringMap(properties));
    return options.protocol() == Protocol.LINES
        ? LinesTable.resolve(options, schema)
        : RustpipeTable.resolve(options, Optional.of(schema));
  }
}
