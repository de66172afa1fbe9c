package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Open;
import io.rustpipe.spark.worker.ModelSchedule.Breach;
import io.rustpipe.spark.worker.ModelSchedule.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Drives the real session, its real queues and its real pumps with workers that go wrong at random,
 * and says what was against the rules: each input has exactly one outcome; its rows appear once and
 * in order; what was answered is not sent again; the window holds; the session ends.
 */
public final class SessionModel implements LongFunction<String> {

  /** A run takes milliseconds; a session that is not over by then never will be. */
  private static final Duration LONGEST_RUN = Duration.ofSeconds(20);

  private static final Patience PATIENCE =
      new Patience(ModelWorkers.SILENCE, ModelWorkers.SILENCE, Duration.ofMinutes(30), 1_000);

  private final ModelWorkers workers;
  private final ModelSchedule schedule;
  private final Map<Long, Integer> rows = new HashMap<>();
  private final Map<Long, String> outcomes = new HashMap<>();
  private WorkerException failure;
  private boolean isFinished;

  /** For {@link #apply} only. Public, because a class loader may hold a session with a defect. */
  public SessionModel() {
    this(ModelSchedule.of(0));
  }

  private SessionModel(ModelSchedule schedule) {
    this.schedule = schedule;
    this.workers = new ModelWorkers(schedule);
  }

  /** What was wrong in the run of this seed; null if nothing was. */
  @Override
  public String apply(long seed) {
    var model = new SessionModel(ModelSchedule.of(seed));
    var executor =
        Executors.newSingleThreadExecutor(
            run -> {
              var thread = new Thread(run, "model-session");
              thread.setDaemon(true);
              return thread;
            });
    Future<?> run =
        executor.submit(
            () -> {
              model.run();
              return null;
            });
    try {
      run.get(LONGEST_RUN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      model.workers.violation("the session does not end");
    } catch (Exception e) {
      model.workers.violation("the session threw " + e);
    } finally {
      executor.shutdownNow();
    }
    var violations = model.workers.violations();
    return violations.isEmpty() ? null : violations + " in " + model.schedule;
  }

  private void run() throws IOException, InterruptedException {
    var ids = LongStream.rangeClosed(2, schedule.inputs()).iterator();
    var session =
        new WorkerSession<>(
            workers,
            new Open(
                "numbers",
                List.of(new Open.Column("n", "int")),
                new TreeMap<>(),
                new Open.Window(schedule.window().inputs(), schedule.window().bytes()),
                null),
            input(1),
            () -> ids.hasNext() ? input(ids.next()) : null,
            () -> false,
            PATIENCE,
            new Conversation.Time(workers.nanos::get, Duration.ofMillis(1)),
            "model");
    workers.session = session;
    try (session) {
      consume(session);
    } catch (WorkerException e) {
      failure = e;
    }
    workers.expectNoThreads();
    check();
  }

  private static WorkerInput<Long> input(long id) {
    return new WorkerInput<>("u" + id, "{\"url\":\"u" + id + "\"}", id);
  }

  private void consume(WorkerSession<Long> session) throws IOException, InterruptedException {
    for (var events = 0; !isFinished && events != schedule.closeAfter(); events++) {
      if (schedule.isSlow()) {
        workers.advance(Duration.ofHours(1));
      }
      var event = session.next();
      if (event instanceof WorkerEvent.Rows<Long> seen) {
        read(seen.frame());
      } else if (event instanceof WorkerEvent.Done<Long> done) {
        ended(done.input().context(), "done", done.rows());
      } else if (event instanceof WorkerEvent.Failed<Long> failed) {
        ended(failed.input().context(), failed.code(), failed.rows());
      } else {
        isFinished = true;
      }
    }
  }

  private void read(RowsFrame<Long> frame) throws IOException {
    var id = frame.input().context();
    if (outcomes.containsKey(id)) {
      workers.violation("a row of input %d came after its end".formatted(id));
    }
    while (frame.next()) {
      var next = rows.merge(id, 1, Integer::sum) - 1;
      var row = frame.cursor().readRaw();
      if (!row.equals("[%d]".formatted(id * 1_000 + next))) {
        workers.violation("row %d of input %d is %s".formatted(next, id, row));
      }
    }
  }

  private void ended(long id, String outcome, long rowsSaid) {
    var before = outcomes.put(id, outcome);
    if (before != null) {
      workers.violation("input %d ended as %s and as %s".formatted(id, before, outcome));
    }
    if (rowsSaid != rows.getOrDefault(id, 0)) {
      workers.violation("input %d ended with %d rows".formatted(id, rowsSaid));
    }
  }

  private void check() {
    var isBreached = schedule.breach() != Breach.NONE;
    if (failure != null && !isBreached) {
      workers.violation("the session failed: " + failure.getMessage());
    }
    if (isFinished) {
      LongStream.rangeClosed(1, schedule.inputs()).forEach(this::checkOutcome);
      checkEffort();
    }
  }

  private void checkOutcome(long id) {
    var outcome = outcomes.getOrDefault(id, "nothing");
    var natural = schedule.fails(id) ? "BAD_TAR" : "done";
    var isCulprit = schedule.poison().contains(id) || schedule.hung().contains(id);
    if (!isCulprit && outcome.equals(natural)) {
      if (rows.getOrDefault(id, 0) != schedule.rows(id)) {
        workers.violation("input %d lacks rows".formatted(id));
      }
      return;
    }
    var isByConnector = outcome.equals("WORKER_CRASH") || outcome.equals("WORKER_TIMEOUT");
    var isStranded = schedule.tokens() != Tokens.ALWAYS && rows.getOrDefault(id, 0) > 0;
    // Two deaths by chance with the same input alone can't be told from a culprit.
    var isUnlucky = schedule.deaths().size() + schedule.hung().size() > 1;
    if (!isByConnector || !(isCulprit || isStranded || isUnlucky)) {
      workers.violation("input %d ended as %s, not as %s".formatted(id, outcome, natural));
    }
  }

  /** One culprit is found by its third death at the latest. */
  private void checkEffort() {
    var isPlain = schedule.deaths().isEmpty() && schedule.hung().isEmpty();
    if (isPlain && schedule.poison().isEmpty() && workers.lives() != 1) {
      workers.violation(workers.lives() + " workers were started where none had died");
    }
    if (isPlain && schedule.poison().size() == 1) {
      var times = workers.timesSent(schedule.poison().iterator().next());
      if (times > 3 || workers.lives() > 4) {
        workers.violation("the culprit was sent to %d workers".formatted(times));
      }
    }
  }
}
