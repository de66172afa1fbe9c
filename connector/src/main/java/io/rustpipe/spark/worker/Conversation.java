package io.rustpipe.spark.worker;

import static io.rustpipe.spark.worker.DeadWorkerException.Code.WORKER_CRASH;
import static io.rustpipe.spark.worker.DeadWorkerException.Code.WORKER_TIMEOUT;

import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.FromWorker;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.Open;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The conversation with one worker, from {@code open} to {@code bye} or its death. It waits on the
 * {@link Mailbox} only, never on a pipe, and looks at least ten times a second whether the task is
 * cancelled.
 */
final class Conversation<T> implements Closeable {

  /**
   * Time as a session sees it.
   *
   * @param nanos the clock
   * @param turn how long it waits before it looks around
   */
  record Time(LongSupplier nanos, Duration turn) {
    static final Time REAL = new Time(System::nanoTime, Limits.DEFAULT_TURN);
  }

  private static final String WITHOUT_BYE = "the worker has ended without 'bye'";

  private final Open open;
  private final BooleanSupplier cancelled;
  private final Patience patience;
  private final Time time;
  private final Pendings<T> pendings;
  private final Feeder<T> feeder;
  private final Replies<T> replies;
  private final Mailbox mailbox = new Mailbox();
  private final Worker worker;
  private final Watch watch;

  private Open.Window window;
  private Lines lines;

  private long unlookedNanos;

  /** Starts the worker and says what is wanted of it; does not wait for the answer. */
  Conversation(
      Launcher launcher,
      Open open,
      Pendings<T> pendings,
      Feeder<T> feeder,
      BooleanSupplier cancelled,
      Patience patience,
      Time time,
      String label)
      throws WorkerStartException {
    this.open = open;
    this.cancelled = cancelled;
    this.patience = patience;
    this.time = time;
    this.pendings = pendings;
    this.feeder = feeder;
    this.replies = new Replies<>(pendings, label);
    feeder.restart();
    this.worker = launcher.start(mailbox, Limits.DEFAULT_LINE_OUT_BYTES);
    this.watch = new Watch(worker, mailbox, time);
    mailbox.send(Frames.open(open));
  }

  long pid() {
    return worker.pid();
  }

  Account account() {
    return worker.account();
  }

  /** What the worker was doing until now. */
  Phase phase() {
    return window == null ? Phase.HELLO : replies.bye() ? Phase.END : Phase.RUN;
  }

  Map<String, Long> counters() {
    return replies.counters();
  }

  /**
   * The next event.
   *
   * @throws DeadWorkerException if the worker has ended before its work was done, or has to
   * @throws BrokenLineException if it broke the protocol
   */
  WorkerEvent<T> next() throws IOException, InterruptedException {
    if (window == null) {
      hello();
    }
    var event = replies.finishFrame();
    while (event == null) {
      var line = nextLine(patience.silence());
      event = line == null ? feeder.pollRefused() : replies.event(line, feeder.endSent());
      if (replies.bye()) {
        finish();
        return new WorkerEvent.Finished<>();
      }
    }
    return event;
  }

  private void hello() throws IOException, InterruptedException {
    var line = nextLine(patience.hello());
    if (!(Replies.control(line) instanceof FromWorker.Hello hello)) {
      throw Replies.broken("the first frame must be 'hello'", line, null);
    }
    if (hello.version() != Frames.VERSION) {
      throw Replies.broken(
          "the worker speaks version %d of the protocol, the connector version %d"
              .formatted(hello.version(), Frames.VERSION),
          line,
          null);
    }
    compareColumns(hello, line);
    window = open.window().min(hello.window());
  }

  private void compareColumns(FromWorker.Hello hello, Lines line) throws BrokenLineException {
    for (var i = 0; i < Math.max(open.columns().size(), hello.columns().size()); i++) {
      var wanted = i < open.columns().size() ? open.columns().get(i) : null;
      var offered = i < hello.columns().size() ? hello.columns().get(i) : null;
      if (wanted == null || !wanted.equals(offered)) {
        throw Replies.broken(
            "column %d: the plan wants %s, the worker sends %s".formatted(i + 1, wanted, offered),
            line,
            null);
      }
    }
  }

  /**
   * The next line of output, feeding inputs and waiting for it; null if an input was refused.
   *
   * @param longest how long the worker may be silent
   */
  private Lines nextLine(Duration longest) throws IOException, InterruptedException {
    while (true) {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException("the task is cancelled");
      }
      if (window != null) {
        feeder.feed(mailbox, window);
        if (feeder.hasRefused()) {
          return null;
        }
      }
      if (lines == null) {
        lines = mailbox.poll();
      }
      if (lines != null) {
        var line = lines.first();
        var rest = lines.behind(line);
        lines = rest.length() == 0 ? null : rest;
        return line;
      }
      await(longest);
    }
  }

  /**
   * Waits one turn. Before that, with nothing left to read, it looks how long the worker has been
   * silent, dead or deaf: what came while this thread was held up must not be overlooked.
   */
  private void await(Duration longest) throws IOException, InterruptedException {
    judge(longest);
    watch.begin();
    if (!mailbox.ended()) {
      mailbox.await(feeder.waitsForOutbox(window), time.turn().toMillis());
    } else if (worker.waitFor(time.turn())) {
      throw new DeadWorkerException(WORKER_CRASH, WITHOUT_BYE + insideALine());
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    var waited = watch.end();
    pendings.waited(waited);
    unlookedNanos += waited;
  }

  private void judge(Duration longest) throws DeadWorkerException {
    if (watch.deadFor(Limits.DEFAULT_DRAIN)) {
      throw new DeadWorkerException(WORKER_CRASH, WITHOUT_BYE);
    }
    if (watch.deafFor(Limits.DEFAULT_EXIT)) {
      throw new DeadWorkerException(
          WORKER_CRASH, "the worker has closed its standard input and goes on");
    }
    if (watch.silentFor(longest)) {
      throw new DeadWorkerException(
          WORKER_TIMEOUT,
          "the worker has sent nothing for %d ms%s"
              .formatted(
                  longest.toMillis(),
                  window == null ? "" : ", the limit of option 'workerTimeout',"));
    }
    if (unlookedNanos >= time.turn().toNanos()) {
      unlookedNanos = 0;
      lookForOverdue();
    }
  }

  private String insideALine() {
    var unended = mailbox.unended();
    return unended == null
        ? ""
        : ", inside a line: "
            + new String(unended.head(BrokenLineException.SHOWN_BYTES), StandardCharsets.UTF_8);
  }

  private void lookForOverdue() throws DeadWorkerException {
    var overdue =
        pendings.overdue(patience.input()).stream()
            .map(Pending::id)
            .collect(Collectors.toUnmodifiableSet());
    if (!overdue.isEmpty()) {
      throw new DeadWorkerException(
          WORKER_TIMEOUT,
          "nothing has come of an input for %d ms, the limit of option 'inputTimeout',"
              .formatted(patience.input().toMillis()),
          overdue);
    }
  }

  /** Behind {@code bye} the output has to end, and the worker with exit code 0. */
  private void finish() throws IOException {
    if (!worker.waitFor(Limits.DEFAULT_EXIT)) {
      throw failure("the worker said 'bye' but goes on");
    }
    if (lines != null || mailbox.poll() != null) {
      throw failure("the worker's output goes on behind 'bye'");
    }
    if (worker.account().ending().exitCode() != 0) {
      throw failure("the worker failed after 'bye'");
    }
    worker.close();
  }

  private WorkerCrashException failure(String what) {
    return new WorkerCrashException(
        what + "; its rows came whole, but mend it before you trust them",
        Phase.END,
        worker.account(),
        null,
        null);
  }

  /** Ends the worker, whatever it is doing. May be called twice. */
  @Override
  public void close() {
    worker.close();
  }
}
