package io.rustpipe.spark.worker;

import io.rustpipe.spark.worker.ModelSchedule.Breach;
import io.rustpipe.spark.worker.ModelSchedule.Death;
import io.rustpipe.spark.worker.ModelSchedule.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A worker without a process: a thread that speaks the protocol through pipes in memory and the
 * real pumps, until its schedule wants something else.
 */
final class ModelWorker implements Worker {

  private static final Pattern IN =
      Pattern.compile(
          "\\{\"type\":\"in\",\"id\":(\\d+),\"input\":\\{[^}]*}(?:,\"resume\":\"\\d+:(\\d+)\")?}");

  /** Ends the thread, with this exit code. */
  private static final class Exit extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    Exit(int code) {
      this.code = code;
    }
  }

  /** An input on its way. */
  private static final class Job {
    private final long id;
    private final int bytes;
    private int next;

    Job(long id, int bytes, int next) {
      this.id = id;
      this.bytes = bytes;
      this.next = next;
    }
  }

  private final ModelWorkers all;
  private final ModelSchedule schedule;
  private final Random random;
  private final Death death;
  private final ModelPipe stdin;
  private final ModelPipe stdout;
  private final Mailbox mailbox;
  private final List<Thread> threads;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final List<Job> jobs = new ArrayList<>();

  private volatile boolean killed;
  private volatile int exitCode;
  private boolean greeted;
  private int bytesLeft;
  private long written;
  private long lastId;
  private boolean endSeen;
  private long inputs;
  private long rows;
  private long errors;

  ModelWorker(ModelWorkers all, Mailbox mailbox, int lineLimit, Death death, long seed) {
    this.all = all;
    this.schedule = all.schedule;
    this.random = new Random(seed);
    this.death = death;
    this.bytesLeft = death == null ? Integer.MAX_VALUE : death.afterBytes();
    this.mailbox = mailbox;
    this.stdin = new ModelPipe(schedule.pipeBytes());
    this.stdout = new ModelPipe(schedule.pipeBytes());
    this.threads =
        List.of(
            new Thread(new StdinPump(mailbox, stdin.writer), "model-stdin"),
            new Thread(new StdoutPump(mailbox, stdout.reader, lineLimit), "model-stdout"),
            new Thread(this::live, "model-worker"));
    for (var thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void live() {
    var code = 0;
    try {
      converse();
    } catch (Exit e) {
      code = e.code;
    } catch (IOException e) {
      code = 1;
    }
    exitCode = code;
    try {
      stdin.reader.close();
      stdout.writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    gone.countDown();
  }

  private void converse() throws IOException {
    var open = readLine();
    if (open == null) {
      throw new Exit(3);
    }
    if (schedule.breach() == Breach.NO_GREETING) {
      throw new Exit(4);
    }
    write(
        "{\"type\":\"hello\",\"version\":1,\"name\":\"model\",\"worker_version\":\"0\",\"columns\":[{\"name\":\"n\",\"type\":\"int\"}],\"window\":{\"inputs\":%d,\"bytes\":%d}}"
            .formatted(schedule.window().inputs(), schedule.window().bytes()));
    greeted = true;
    while (!endSeen || !jobs.isEmpty()) {
      while (!endSeen && (jobs.isEmpty() || stdin.reader.available() > 0)) {
        take(readLine());
      }
      if (!jobs.isEmpty()) {
        step(jobs.get(random.nextInt(jobs.size())));
      }
    }
    write("{\"type\":\"metrics\",\"counters\":{\"inputs_done\":%d}}".formatted(inputs));
    var more = schedule.breach() == Breach.WRONG_TOTALS ? 1 : 0;
    write(
        "{\"type\":\"bye\",\"inputs\":%d,\"rows\":%d,\"errors\":%d}"
            .formatted(inputs, rows + more, errors));
    if (schedule.breach() == Breach.OUTPUT_BEHIND_BYE) {
      write("{\"type\":\"metrics\",\"counters\":{}}");
    }
  }

  /** The next line; null at the end. No reader stands between, so that none hides what has come. */
  private String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var next = stdin.reader.read(); next != '\n'; next = stdin.reader.read()) {
      if (next < 0) {
        return null;
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private void take(String line) {
    if (line == null) {
      // Nobody is there any more.
      throw new Exit(3);
    }
    if (line.equals("{\"type\":\"end\"}")) {
      endSeen = true;
      return;
    }
    var in = IN.matcher(line);
    if (!in.matches()) {
      all.violation("not a frame for a worker: " + line);
      throw new Exit(2);
    }
    var id = Long.parseLong(in.group(1));
    if (id <= lastId) {
      all.violation("input %d follows input %d".formatted(id, lastId));
    }
    lastId = id;
    all.sent(id);
    jobs.add(new Job(id, line.length(), in.group(2) == null ? 0 : Integer.parseInt(in.group(2))));
    var bytes = bytesOfJobs();
    if (jobs.size() > schedule.window().inputs()
        || (jobs.size() > 1 && bytes > schedule.window().bytes())) {
      all.violation("%d inputs of %d bytes exceed the window".formatted(jobs.size(), bytes));
    }
  }

  private int bytesOfJobs() {
    return jobs.stream().mapToInt(job -> job.bytes).sum();
  }

  /** Says something of an input, or does what the schedule wants of it. */
  private void step(Job job) {
    if (schedule.poison().contains(job.id) && random.nextInt(3) == 0) {
      throw new Exit(139);
    }
    if (schedule.hung().contains(job.id)) {
      // The others go on beside it.
      if (jobs.size() == 1) {
        heartbeat();
      }
      return;
    }
    if (schedule.breach() != Breach.NONE && random.nextInt(10) == 0) {
      breach(job);
    }
    var left = schedule.rows(job.id) - job.next;
    // The last words of an input that kills workers are never heard.
    if (left > 0 || schedule.poison().contains(job.id)) {
      rows(job, Math.min(left, 1 + random.nextInt(3)));
    } else if (schedule.fails(job.id)) {
      end(
          job,
          "{\"type\":\"error\",\"id\":%d,\"code\":\"BAD_TAR\",\"message\":\"m\",\"retryable\":false,\"rows\":%d}"
              .formatted(job.id, job.next));
    } else {
      end(
          job,
          "{\"type\":\"done\",\"id\":%d,\"status\":\"SUCCEEDED\",\"rows\":%d}"
              .formatted(job.id, job.next));
    }
  }

  private void rows(Job job, int count) {
    var frame = new StringBuilder("{\"type\":\"rows\",\"id\":" + job.id + ",\"rows\":[");
    for (var i = 0; i < count; i++) {
      frame.append(i == 0 ? "[" : ",[").append(job.id * 1_000 + job.next++).append(']');
    }
    frame.append(']');
    if (schedule.tokens() == Tokens.ALWAYS
        || (schedule.tokens() == Tokens.SOMETIMES && random.nextBoolean())) {
      frame.append(",\"resume\":\"%d:%d\"".formatted(job.id, job.next));
    }
    var isLast =
        job.next == schedule.rows(job.id)
            && !schedule.fails(job.id)
            && !schedule.poison().contains(job.id)
            && random.nextBoolean();
    if (isLast) {
      frame.append(",\"done\":{\"status\":\"SUCCEEDED\",\"rows\":%d}".formatted(job.next));
      end(job, frame.append('}').toString());
    } else {
      write(frame.append('}').toString());
    }
  }

  private void end(Job job, String line) {
    jobs.remove(job);
    inputs++;
    rows += job.next;
    errors += line.contains("\"error\"") ? 1 : 0;
    write(line);
    all.answered(job.id);
  }

  private void breach(Job job) {
    switch (schedule.breach()) {
      case GARBAGE -> write("panic: at the disco");
      case UNKNOWN_ID -> write("{\"type\":\"rows\",\"id\":99999,\"rows\":[[1]]}");
      case ENDED_TWICE -> {
        if (job.next < schedule.rows(job.id) || schedule.fails(job.id)) {
          return;
        }
        var done =
            "{\"type\":\"done\",\"id\":%d,\"status\":\"SUCCEEDED\",\"rows\":%d}"
                .formatted(job.id, job.next);
        end(job, done);
        write(done);
      }
      case WRONG_COUNT ->
          write(
              "{\"type\":\"done\",\"id\":%d,\"status\":\"SUCCEEDED\",\"rows\":%d}"
                  .formatted(job.id, job.next + 1));
      case EARLY_BYE -> write("{\"type\":\"bye\",\"inputs\":0,\"rows\":0,\"errors\":0}");
      case NONE, NO_GREETING, WRONG_TOTALS, OUTPUT_BEHIND_BYE -> {
        return;
      }
    }
    // The session has to end it now.
    stall();
  }

  private void heartbeat() {
    // What is still on its way to or from the session must not wait for minutes.
    if (all.bytesInFlight() == bytesOfJobs()) {
      advance(Duration.ofSeconds(1));
    }
    write("{\"type\":\"metrics\",\"counters\":{}}");
    LockSupport.parkNanos(100_000);
  }

  /** Writes a line in pieces, or as much of it as this worker lives to write. */
  private void write(String line) {
    var bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    for (var at = 0; at < bytes.length; ) {
      var piece = Math.min(bytes.length - at, 1 + random.nextInt(64));
      var lived = greeted ? Math.min(piece, bytesLeft) : piece;
      put(bytes, at, lived);
      if (greeted) {
        bytesLeft -= lived;
      }
      if (lived < piece) {
        die();
      }
      at += piece;
      if (schedule.drips() && at < bytes.length && random.nextInt(8) == 0) {
        advance(ModelWorkers.SILENCE.multipliedBy(9).dividedBy(10));
      }
    }
  }

  private void put(byte[] bytes, int from, int length) {
    try {
      stdout.writer.write(bytes, from, length);
      written += length;
    } catch (IOException e) {
      throw new Exit(141);
    }
  }

  private void die() {
    switch (death.kind()) {
      case CRASH -> throw new Exit(137);
      case EARLY_EXIT -> throw new Exit(0);
      case CLOSES_OUTPUT -> {
        try {
          stdout.writer.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(random.nextInt(3_000_000));
        throw new Exit(7);
      }
      case STALL -> stall();
    }
  }

  /** Says nothing, while time goes by, until it is killed. */
  private void stall() {
    while (!killed) {
      advance(ModelWorkers.SILENCE.dividedBy(20));
      LockSupport.parkNanos(200_000);
    }
    throw new Exit(143);
  }

  /**
   * Time passes, but not while the pump has bytes in hand: a real one needs no minutes for them.
   */
  private void advance(Duration time) {
    while (!killed && mailbox.bytesReceived() < written) {
      LockSupport.parkNanos(50_000);
    }
    all.advance(time);
  }

  @Override
  public long pid() {
    return 1;
  }

  @Override
  public boolean isAlive() {
    return gone.getCount() > 0;
  }

  @Override
  public boolean waitFor(Duration longest) {
    try {
      return gone.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public Account account() {
    return new Account("model", pid(), isAlive() ? null : new Ending(exitCode, null, null), "");
  }

  @Override
  public void close() {
    killed = true;
    mailbox.abandon();
    try {
      stdin.reader.close();
      stdout.writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void expectNoThreads() throws InterruptedException {
    for (var thread : threads) {
      thread.join(Duration.ofSeconds(5).toMillis());
      if (thread.isAlive()) {
        all.violation(thread.getName() + " is left behind");
      }
    }
  }
}
