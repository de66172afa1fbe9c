package io.rustpipe.it;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;

/** A query in a thread of its own, so that a test can watch and cancel it. */
record Job<T>(String group, FutureTask<T> result) {
  private static final String INTERRUPT_SQL = "spark.sql.execution.interruptOnCancel";

  /**
   * Starts it.
   *
   * @param interrupt does a cancel interrupt the task's thread?
   */
  static <T> Job<T> start(boolean interrupt, Callable<T> query) {
    String group = UUID.randomUUID().toString();
    var result =
        new FutureTask<T>(
            () -> {
              context().setJobGroup(group, group, interrupt);
              // What SQL makes of it is the session's to say, from Spark 4.0 on.
              TestSpark.session().conf().set(INTERRUPT_SQL, interrupt);
              try {
                return query.call();
              } finally {
                TestSpark.session().conf().unset(INTERRUPT_SQL);
              }
            });
    var thread = new Thread(result, "job-" + group);
    thread.setDaemon(true);
    thread.start();
    return new Job<>(group, result);
  }

  void cancel() {
    context().cancelJobGroup(group);
  }

  T get() throws Exception {
    return result.get(60, TimeUnit.SECONDS);
  }

  void assertFails() {
    assertThrows(ExecutionException.class, this::get);
  }

  /** Does not end while one waits for it as long as a query may take to be gone. */
  boolean goesOn() {
    return !Workers.await(Workers.GRACE, result::isDone);
  }

  /** Waits until no task thread is in code of this package or class; false if one stays. */
  static boolean freesTaskThreads(String code) {
    return Workers.await(Workers.GRACE, () -> !holdsTaskThread(code));
  }

  private static boolean holdsTaskThread(String code) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().startsWith("Executor task launch worker"))
        .flatMap(thread -> List.of(thread.getValue()).stream())
        .anyMatch(frame -> frame.getClassName().startsWith(code));
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
  }
}
