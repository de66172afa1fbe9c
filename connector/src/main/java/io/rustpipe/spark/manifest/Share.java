package io.rustpipe.spark.manifest;

import org.apache.spark.unsafe.types.UTF8String;

/** Which of the rows that several tasks read are one task's own. Is asked once for each row. */
interface Share {

  boolean has(UTF8String url);

  /** Every n-th row. */
  final class EveryNth implements Share {
    private final int tasks;
    private final int task;
    private int last = -1;

    EveryNth(int tasks, int task) {
      this.tasks = tasks;
      this.task = task;
    }

    @Override
    public boolean has(UTF8String url) {
      last = last + 1 == tasks ? 0 : last + 1;
      return last == task;
    }
  }

  /** All rows of some hosts. */
  record OfHosts(int tasks, int task) implements Share {
    @Override
    public boolean has(UTF8String url) {
      return HostHash.task(url == null ? null : url.toString(), tasks) == task;
    }
  }
}
