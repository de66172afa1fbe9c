package io.rustpipe.spark.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The workers of one run, one after the other, and what is true of all of them together: who was
 * sent what, who has answered what, and what a session did that it must not.
 */
final class ModelWorkers implements Launcher {

  static final Duration SILENCE = Duration.ofSeconds(60);

  final ModelSchedule schedule;
  final Random random;

  /** The time that a session goes by; it passes only where a schedule says so. */
  final AtomicLong nanos = new AtomicLong();

  /** Set once it is made; its first worker is there before. */
  volatile WorkerSession<?> session;

  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final List<ModelWorker> started = new ArrayList<>();
  private final Set<Long> answered = new HashSet<>();
  private final Map<Long, Integer> sent = new HashMap<>();

  ModelWorkers(ModelSchedule schedule) {
    this.schedule = schedule;
    this.random = new Random(schedule.seed() + 1);
  }

  @Override
  public synchronized Worker start(Mailbox mailbox, int lineLimit) {
    var life = started.size();
    var death = life < schedule.deaths().size() ? schedule.deaths().get(life) : null;
    var worker = new ModelWorker(this, mailbox, lineLimit, death, random.nextLong());
    started.add(worker);
    return worker;
  }

  /** A worker has been sent an input. */
  synchronized void sent(long id) {
    sent.merge(id, 1, Integer::sum);
    if (answered.contains(id)) {
      violation("input " + id + " was answered and is sent again");
    }
  }

  /** A worker has written the whole line that ends an input. */
  synchronized void answered(long id) {
    answered.add(id);
  }

  synchronized int timesSent(long id) {
    return sent.getOrDefault(id, 0);
  }

  synchronized int lives() {
    return started.size();
  }

  void violation(String what) {
    violations.add(what);
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /** What the session takes to be in flight. */
  int bytesInFlight() {
    var current = session;
    return current == null ? -1 : current.unfinishedBytes();
  }

  void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Looks whether all threads have ended; a session that is over leaves none. */
  void expectNoThreads() throws InterruptedException {
    for (var worker : List.copyOf(started)) {
      worker.expectNoThreads();
    }
  }
}
