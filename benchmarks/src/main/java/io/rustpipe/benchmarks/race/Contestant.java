package io.rustpipe.benchmarks.race;

import io.rustpipe.benchmarks.meter.Meter;

/** One way to the totals. */
sealed interface Contestant permits Yardstick, Rustpipe, RddPipe {
  /** As the report shows it. */
  String name();

  /** Whose CPU time and memory count. */
  Meter.Scope scope();

  /** Downloads and reads every tarball. */
  Totals totals() throws Exception;
}
