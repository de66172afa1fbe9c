package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Frames;
import io.rustpipe.spark.frame.FromWorker;
import io.rustpipe.spark.frame.JsonCursor;
import io.rustpipe.spark.frame.Limits;
import io.rustpipe.spark.frame.MalformedFrameException;
import io.rustpipe.spark.frame.Open;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation with one worker, driven by the task thread: {@link #next} feeds inputs within
 * the window, reads what comes back and accounts for every input. It waits on the {@link Mailbox}
 * only, never on a pipe, and looks at least ten times a second whether the task is cancelled.
 *
 * <p>A worker that ends or errs fails the session. This is the place for a restart: {@link
 * Pendings} holds what would have to be replayed.
 */
public final class WorkerSession<T> implements Closeable {

  /**
   * How long a worker may be silent, counting only time in which the task thread waits for it.
   *
   * @param hello before its first frame
   * @param silence between two bytes after that
   */
  record Patience(Duration hello, Duration silence) {
    static final Patience DEFAULT = new Patience(Limits.DEFAULT_HELLO, Limits.DEFAULT_SILENCE);
  }

  private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);

  /** Where inputs come from. */
  public interface Inputs<T> {
    /** The next input; null if there are no more. May block as reading a file does. */
    WorkerInput<T> next() throws IOException;
  }

  private final Open open;
  private final BooleanSupplier cancelled;
  private final Patience patience;
  private final Mailbox mailbox = new Mailbox();
  private final WorkerProcess process;
  private final JsonCursor cursor = new JsonCursor();
  private final Pendings<T> pendings = new Pendings<>();
  private final Feeder<T> feeder;

  private Open.Window window;
  private Lines lines;
  private RowsFrame<T> openFrame;
  private FromWorker.Bye bye;
  private Map<String, Long> counters = Map.of();

  private long bytesReceived;
  private long silentNanos;
  private long deadNanos;
  private long deafNanos;

  /**
   * Starts the worker and says what is wanted of it; does not wait for the answer.
   *
   * @param first the first input: no worker is started for none
   * @param cancelled asked at every turn; once true, {@link #next} throws {@link
   *     CancellationException}
   * @throws WorkerException if the worker can't be started
   */
  public WorkerSession(
      WorkerCommand command,
      Open open,
      WorkerInput<T> first,
      Inputs<T> inputs,
      BooleanSupplier cancelled)
      throws WorkerException {
    this(command, open, first, inputs, cancelled, Patience.DEFAULT);
  }

  WorkerSession(
      WorkerCommand command,
      Open open,
      WorkerInput<T> first,
      Inputs<T> inputs,
      BooleanSupplier cancelled,
      Patience patience)
      throws WorkerException {
    this.open = open;
    this.patience = patience;
    this.feeder = new Feeder<>(first, inputs, pendings, mailbox);
    this.cancelled = cancelled;
    this.process = WorkerProcess.start(command, mailbox, Limits.DEFAULT_LINE_OUT_BYTES);
    mailbox.send(Frames.open(open));
  }

  int unfinishedBytes() {
    return pendings.bytes();
  }

  long pid() {
    return process.pid();
  }

  /** The worker's counters as it sent them last. */
  public Map<String, Long> counters() {
    return counters;
  }

  /**
   * The next event.
   *
   * @throws WorkerException if the worker failed or broke the protocol
   * @throws IOException if reading the inputs failed
   * @throws CancellationException if the task was cancelled
   * @throws InterruptedException if the thread was interrupted
   */
  public WorkerEvent<T> next() throws IOException, InterruptedException {
    try {
      if (window == null) {
        hello();
      }
      if (openFrame != null) {
        var event = finishFrame();
        if (event != null) {
          return event;
        }
      }
      while (true) {
        var line = nextLine(patience.silence());
        if (feeder.hasRefused()) {
          return feeder.pollRefused();
        }
        if (line == null) {
          return finished();
        }
        var event = event(line);
        if (bye != null) {
          return finished();
        }
        if (event != null) {
          return event;
        }
      }
    } catch (BrokenLineException e) {
      throw new ProtocolException(e.getMessage(), Phase.RUN, process.account(), null, e);
    }
  }

  /** The error for a row of the frame that the caller could not read. */
  public WorkerException broken(RowsFrame<T> frame, IOException cause) {
    var row =
        "row %d of input %d (%s) in a 'rows' frame is broken: %s"
            .formatted(
                frame.pending().rows(),
                frame.pending().id(),
                frame.input().url(),
                cause.getMessage());
    return new ProtocolException(
        broken(row, frame.line(), cause).getMessage(), Phase.RUN, process.account(), null, cause);
  }

  private void hello() throws IOException, InterruptedException {
    var line = nextLine(patience.hello());
    if (line == null) {
      throw failure("the worker ended without 'hello'");
    }
    if (!(control(line) instanceof FromWorker.Hello hello)) {
      throw broken("the first frame must be 'hello'", line, null);
    }
    if (hello.version() != Frames.VERSION) {
      throw broken(
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
        throw broken(
            "column %d: the plan wants %s, the worker sends %s".formatted(i + 1, wanted, offered),
            line,
            null);
      }
    }
  }

  /**
   * The next line of output, feeding inputs and waiting for it; null at the end of the output, or
   * if an input was refused.
   */
  private Lines nextLine(Duration longest) throws IOException, InterruptedException {
    while (true) {
      if (cancelled.getAsBoolean()) {
        throw new CancellationException("the task is cancelled");
      }
      if (window != null) {
        feeder.feed(window);
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
      if (mailbox.ended() || deadNanos > Limits.DEFAULT_DRAIN.toNanos()) {
        return null;
      }
      await(longest);
    }
  }

  /** Waits one turn, and looks how long the worker has been silent, dead or deaf by now. */
  private void await(Duration longest) throws IOException, InterruptedException {
    var start = System.nanoTime();
    mailbox.await(feeder.waitsForOutbox(window), Limits.DEFAULT_TURN.toMillis());
    var waited = System.nanoTime() - start;
    if (mailbox.bytesReceived() != bytesReceived) {
      bytesReceived = mailbox.bytesReceived();
      silentNanos = 0;
      deadNanos = 0;
    } else {
      silentNanos += waited;
      // Its output may stay open behind it: a child that it left holds the pipe.
      deadNanos = process.isAlive() ? 0 : deadNanos + waited;
    }
    deafNanos = mailbox.stdinBroken() ? deafNanos + waited : 0;
    if (deafNanos > Limits.DEFAULT_EXIT.toNanos()) {
      throw failure("the worker has closed its standard input and goes on");
    }
    if (silentNanos > longest.toNanos()) {
      throw failure("the worker has sent nothing for %d ms".formatted(longest.toMillis()));
    }
  }

  private WorkerException failure(String what) {
    return new WorkerCrashException(
        "%s, with %d inputs unfinished".formatted(what, pendings.size()),
        Phase.RUN,
        process.account(),
        null,
        null);
  }

  /** Takes a line in; null if it has nothing for the caller. */
  private WorkerEvent<T> event(Lines line) throws BrokenLineException {
    try {
      cursor.reset(line.buffer(), line.from(), line.to());
      cursor.enterObject();
      if (!cursor.nextField() || !cursor.fieldIs("type")) {
        throw broken("a frame must begin with 'type'", line, null);
      }
      if (cursor.readString().equals("rows")) {
        openFrame = rows(line);
        return new WorkerEvent.Rows<>(openFrame);
      }
      return event(control(line), line);
    } catch (MalformedFrameException | IllegalArgumentException e) {
      throw broken(e.getMessage(), line, e);
    }
  }

  private WorkerEvent<T> event(FromWorker frame, Lines line) throws BrokenLineException {
    if (frame instanceof FromWorker.Done done) {
      var pending = pendings.get(done.id());
      pendings.end(pending, done.rows(), false);
      return new WorkerEvent.Done<>(pending.input(), pending.rows());
    } else if (frame instanceof FromWorker.Failed failed) {
      var pending = pendings.get(failed.id());
      pendings.end(pending, failed.rows(), true);
      return new WorkerEvent.Failed<>(
          pending.input(), pending.rows(), failed.code(), failed.message());
    } else if (frame instanceof FromWorker.Metrics metrics) {
      counters = metrics.counters();
    } else if (frame instanceof FromWorker.Log log) {
      log(log);
    } else if (frame instanceof FromWorker.Bye last) {
      if (!feeder.endSent()) {
        throw broken("'bye' came before 'end' was sent", line, null);
      }
      pendings.checkTotals(last.inputs(), last.rows(), last.errors());
      bye = last;
    } else {
      throw broken("'hello' came twice", line, null);
    }
    return null;
  }

  private RowsFrame<T> rows(Lines line) throws BrokenLineException, MalformedFrameException {
    Pending<T> pending = null;
    while (cursor.nextField()) {
      if (cursor.fieldIs("id")) {
        pending = pendings.get(cursor.readLong());
      } else if (cursor.fieldIs("rows")) {
        if (pending == null) {
          throw broken("in a 'rows' frame 'id' must come before 'rows'", line, null);
        }
        cursor.enterArray();
        return new RowsFrame<>(pending, cursor, line);
      } else if (cursor.fieldIs("done")) {
        throw broken("in a 'rows' frame 'done' must come after 'rows'", line, null);
      } else {
        cursor.skipValue();
      }
    }
    throw broken("a 'rows' frame must have 'rows'", line, null);
  }

  /** Reads what stands behind the rows: {@code done} may ride there. */
  private WorkerEvent<T> finishFrame() throws BrokenLineException {
    var frame = openFrame;
    openFrame = null;
    try {
      while (frame.next()) {
        cursor.skipValue();
      }
      WorkerEvent<T> event = null;
      while (cursor.nextField()) {
        if (cursor.fieldIs("done")) {
          var rows = -1L;
          cursor.enterObject();
          while (cursor.nextField()) {
            if (cursor.fieldIs("rows")) {
              rows = cursor.readLong();
            } else {
              cursor.skipValue();
            }
          }
          pendings.end(frame.pending(), rows, false);
          event = new WorkerEvent.Done<>(frame.input(), frame.pending().rows());
        } else {
          cursor.skipValue();
        }
      }
      cursor.expectEnd();
      return event;
    } catch (MalformedFrameException | IllegalArgumentException e) {
      throw broken(e.getMessage(), frame.line(), e);
    }
  }

  /** The output has ended: well only behind {@code bye}, and with exit code 0. */
  private WorkerEvent<T> finished() throws WorkerException {
    var gone = process.waitFor(Limits.DEFAULT_EXIT);
    if (bye == null) {
      throw failure("the worker ended without 'bye'");
    }
    if (!gone) {
      throw failure("the worker said 'bye' but goes on");
    }
    if (lines != null || mailbox.poll() != null) {
      throw failure("the worker's output goes on behind 'bye'");
    }
    if (process.account().ending().exitCode() != 0) {
      throw new WorkerCrashException(
          "the worker failed after 'bye'", Phase.END, process.account(), null, null);
    }
    process.close();
    return new WorkerEvent.Finished<>();
  }

  private FromWorker control(Lines line) throws BrokenLineException {
    try {
      return Frames.read(line.buffer(), line.from(), line.length());
    } catch (IOException e) {
      throw broken("not a frame of the protocol: " + firstLineOf(e.getMessage()), line, e);
    }
  }

  private static String firstLineOf(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static void log(FromWorker.Log frame) {
    switch (frame.level()) {
      case "error" -> LOG.error("worker: {}", frame.message());
      case "warn" -> LOG.warn("worker: {}", frame.message());
      case "info" -> LOG.info("worker: {}", frame.message());
      default -> LOG.debug("worker: {}", frame.message());
    }
  }

  private static BrokenLineException broken(String what, Lines line, Exception cause) {
    return new BrokenLineException(what, line.head(BrokenLineException.SHOWN_BYTES), cause);
  }

  /** Ends the worker, whatever it is doing. May be called twice. */
  @Override
  public void close() {
    process.close();
  }
}
