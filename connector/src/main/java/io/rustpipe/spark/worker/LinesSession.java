package io.rustpipe.spark.worker;

import io.rustpipe.spark.frame.Limits;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * A program that reads lines and writes lines, driven by the task thread: {@link #next} feeds it
 * and takes what comes back. As in {@link WorkerSession}, it waits on the {@link Mailbox} only,
 * never on a pipe, and looks at least ten times a second whether the task is cancelled.
 *
 * <p>Lines have no ids, so nothing can be repeated: the first failure ends the session. What can be
 * checked is that the program has read all its input, has ended well, and has printed as many lines
 * as were promised.
 */
public final class LinesSession implements Closeable {

  /**
   * What the user says of the program.
   *
   * @param linesPerInput lines that come out for each that goes in; empty for any number
   * @param allowEarlyExit whether it may exit with 0 before it has read all its input
   * @param silence how long it may print nothing while it is waited for; null for ever, because
   *     nobody can tell a program that thinks from one that hangs
   */
  public record Rules(OptionalInt linesPerInput, boolean allowEarlyExit, Duration silence) {}

  /** Where inputs come from. */
  public interface Inputs {
    /** The next line with its line feed; null if there are no more. */
    byte[] next() throws IOException;
  }

  /** Inputs sent before the output is looked at again; enough to keep both sides busy. */
  private static final int TURN_BYTES = 64 << 10;

  private final Inputs inputs;
  private final Rules rules;
  private final BooleanSupplier cancelled;
  private final Mailbox mailbox = new Mailbox();
  private final Worker worker;
  private final Watch watch;

  private byte[] nextInput;
  private boolean inputsEnded;
  private long sent;

  private Lines lines;
  private Lines line;
  private long received;
  private boolean endedWell;
  private volatile boolean closed;

  /**
   * Starts the program.
   *
   * @param first the first line: no program is started for none
   * @param cancelled asked at every turn; once true, {@link #next} throws {@link
   *     CancellationException}
   * @param label names the task in the log
   * @throws WorkerStartException if the program can't be started
   */
  public LinesSession(
      WorkerCommand command,
      byte[] first,
      Inputs inputs,
      Rules rules,
      BooleanSupplier cancelled,
      String label)
      throws WorkerStartException {
    this(command.launcher(label), first, inputs, rules, cancelled);
  }

  LinesSession(
      Launcher launcher, byte[] first, Inputs inputs, Rules rules, BooleanSupplier cancelled)
      throws WorkerStartException {
    this.nextInput = first;
    this.inputs = inputs;
    this.rules = rules;
    this.cancelled = cancelled;
    this.worker = launcher.start(mailbox, Limits.DEFAULT_LINE_OUT_BYTES);
    this.watch = new Watch(worker, mailbox, Conversation.Time.REAL);
  }

  long pid() {
    return worker.pid();
  }

  /** Lines that were sent so far. */
  public long sent() {
    return sent;
  }

  /** The number of the current line, from 1. */
  public long number() {
    return received;
  }

  /** Holds the current line; nobody writes to it again. */
  public byte[] buffer() {
    return line.buffer();
  }

  /** Index of the current line's first byte. */
  public int from() {
    return line.from();
  }

  /** Index after the current line's last byte; its line feed is not part of it. */
  public int to() {
    return line.to();
  }

  /**
   * Moves to the next line.
   *
   * @return false at the end, once the program has ended well
   * @throws WorkerException if the program failed or broke a rule
   * @throws IOException if reading the inputs failed
   * @throws CancellationException if the task was cancelled, or the session closed meanwhile
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean next() throws IOException, InterruptedException {
    try {
      return advance();
    } catch (WorkerException e) {
      if (closed) {
        // It was this side that ended the program.
        throw (CancellationException)
            new CancellationException("the session was closed while it waited for its program")
                .initCause(e);
      }
      throw e;
    }
  }

  private boolean advance() throws IOException, InterruptedException {
    while (lines == null) {
      failIfCancelled();
      feed();
      lines = mailbox.poll();
      if (lines == null) {
        if (outputHasEnded()) {
          return finish();
        }
        await();
      }
    }
    var first = lines.first();
    var rest = lines.behind(first);
    lines = rest.length() == 0 ? null : rest;
    accept(first);
    return true;
  }

  private void accept(Lines next) throws ProtocolException {
    line = next;
    received++;
    if (rules.linesPerInput().isPresent() && received > rules.linesPerInput().getAsInt() * sent) {
      throw unexpectedCount("already");
    }
  }

  private void failIfCancelled() throws InterruptedException {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("the task is cancelled");
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Sends what there is room for, but no more than one turn's. */
  private void feed() throws IOException {
    var bytes = 0;
    while (!inputsEnded && bytes < TURN_BYTES && !mailbox.stdinBroken() && mailbox.hasRoom()) {
      if (hasInput()) {
        bytes += nextInput.length;
        mailbox.send(nextInput);
        nextInput = null;
        sent++;
      }
    }
  }

  /** Looks for the next input; behind the last one the program's input ends. */
  private boolean hasInput() throws IOException {
    if (nextInput == null && !inputsEnded) {
      nextInput = inputs.next();
      if (nextInput == null) {
        inputsEnded = true;
        mailbox.endOutbox();
      }
    }
    return nextInput != null;
  }

  private boolean outputHasEnded() throws ProtocolException {
    try {
      // It may stay open behind the program: a child that it left holds the pipe.
      return mailbox.ended() || watch.deadFor(Limits.DEFAULT_DRAIN);
    } catch (IOException e) {
      throw new ProtocolException(e.getMessage(), Phase.RUN, worker.account(), null, e);
    }
  }

  /** Looks how long the program has been silent or deaf by now, and waits one turn. */
  private void await() throws WorkerException, InterruptedException {
    judge();
    watch.begin();
    mailbox.await(!inputsEnded && !mailbox.stdinBroken(), Limits.DEFAULT_TURN.toMillis());
    watch.end();
  }

  private void judge() throws WorkerException {
    if (watch.deafFor(Limits.DEFAULT_EXIT) && !rules.allowEarlyExit()) {
      throw crash(
          "the program has closed its standard input and goes on, with input for it left; set the"
              + " option 'allowEarlyExit' if it may");
    }
    if (rules.silence() != null && watch.silentFor(rules.silence())) {
      throw new WorkerTimeoutException(
          "the program has printed nothing for %d ms, the limit of the option 'workerTimeout'"
              .formatted(rules.silence().toMillis()),
          Phase.RUN,
          worker.account(),
          null,
          null);
    }
  }

  /**
   * The output has ended. What stands behind the last line feed is a line as well, but only of a
   * program that ended well: of any other it may be half of one.
   */
  private boolean finish() throws IOException, InterruptedException {
    if (!endedWell) {
      requireGoodEnd();
      endedWell = true;
      var last = mailbox.unended();
      if (last != null) {
        accept(last);
        return true;
      }
    }
    if (rules.linesPerInput().isPresent() && received != rules.linesPerInput().getAsInt() * sent) {
      throw unexpectedCount("in all");
    }
    worker.close();
    return false;
  }

  private void requireGoodEnd() throws IOException, InterruptedException {
    var longest = rules.silence() == null ? Limits.DEFAULT_END : rules.silence();
    for (var waited = Duration.ZERO;
        !worker.waitFor(Limits.DEFAULT_TURN);
        waited = waited.plus(Limits.DEFAULT_TURN)) {
      failIfCancelled();
      if (waited.compareTo(longest) > 0) {
        throw crash(
            "the program has closed its standard output and goes on for more than %d ms; set the option 'workerTimeout' if it needs longer"
                .formatted(longest.toMillis()));
      }
    }
    var account = worker.account();
    if (account.ending().exitCode() != 0) {
      throw crash(
          "the program ended with %s, after %,d lines in and %,d lines out"
              .formatted(account.ending(), sent, received));
    }
    if (!rules.allowEarlyExit()) {
      requireAllRead(account);
    }
  }

  private void requireAllRead(Account account) throws IOException, InterruptedException {
    var more = hasInput();
    var written = !more && mailbox.awaitOutboxWritten(Limits.DEFAULT_GRACE.toMillis());
    var unread = account.ending().unreadBytes();
    if (!written || (unread != null && unread > 0)) {
      throw crash(
          "the program ended with exit code 0, but left input unread: it was given %,d lines%s%s; set the option 'allowEarlyExit' if it may"
              .formatted(
                  sent,
                  unread == null || unread == 0
                      ? ""
                      : ", %,d bytes of which it never read".formatted(unread),
                  more ? ", and there are more" : ""));
    }
  }

  private WorkerCrashException crash(String what) {
    return new WorkerCrashException(
        what, endedWell ? Phase.END : Phase.RUN, worker.account(), null, null);
  }

  private ProtocolException unexpectedCount(String when) {
    return new ProtocolException(
        "the program has printed %,d lines %s for the %,d that it was given, but the option 'linesPerInput' is %d"
            .formatted(received, when, sent, rules.linesPerInput().getAsInt()),
        Phase.RUN,
        worker.account(),
        null,
        null);
  }

  /**
   * The error for the current line, from which no row could be made.
   *
   * @param remedy what to do
   */
  public WorkerException malformed(IOException cause, String remedy) {
    var what =
        new BrokenLineException(
                "line %,d of the program's output is malformed: %s; %s"
                    .formatted(received, cause.getMessage(), remedy),
                line.head(BrokenLineException.SHOWN_BYTES),
                cause)
            .getMessage();
    return new ProtocolException(what, Phase.RUN, worker.account(), null, cause);
  }

  /** Ends the program, whatever it is doing. May be called twice, and from any thread. */
  @Override
  public void close() {
    closed = true;
    worker.close();
  }
}
