package io.rustpipe.spark.worker;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;

/**
 * How file systems are reached, on any machine: addresses and credentials of the user's session.
 */
public interface HadoopSettings extends Serializable {

  /** The settings, which nobody may change. */
  Configuration get();
}
