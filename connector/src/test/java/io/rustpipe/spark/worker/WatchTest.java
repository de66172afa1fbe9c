package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rustpipe.spark.frame.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counts as silence of a worker, by a clock of the test's own. */
final class WatchTest {

  private static final Duration TURN = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Mailbox mailbox = new Mailbox();
  private final AtomicLong nanos = new AtomicLong();
  private Worker worker;
  private Watch watch;

  @BeforeEach
  void start() throws IOException {
    worker =
        ScriptedWorker.command("sleep 60")
            .launcher("a test")
            .start(mailbox, Limits.DEFAULT_LINE_OUT_BYTES);
    watch = new Watch(worker, mailbox, new Conversation.Time(nanos::get, TURN));
  }

  @AfterEach
  void end() {
    worker.close();
  }

  @Test
  void silenceIsTimeThatWasWaited() {
    for (var i = 0; i < 10; i++) {
      wait(TURN);
      nanos.addAndGet(Duration.ofHours(1).toNanos());
    }
    assertFalse(watch.silentFor(LONGEST));
    wait(TURN);
    assertTrue(watch.silentFor(LONGEST));
  }

  @Test
  void anyByteEndsIt() {
    wait(LONGEST.plus(TURN));
    mailbox.received(1, null);
    wait(TURN);
    wait(TURN);
    assertFalse(watch.silentFor(LONGEST));
  }

  /** For a collection of garbage, or because the machine was stopped. */
  @Test
  void afterAPauseOfAllThreadsThePumpsHaveATurn() {
    wait(Duration.ofHours(1));
    assertFalse(watch.silentFor(LONGEST));
    wait(TURN);
    assertTrue(watch.silentFor(LONGEST));
  }

  @Test
  void pauseAfterPauseIsOverAsWell() {
    wait(Duration.ofHours(1));
    wait(Duration.ofHours(1));
    assertTrue(watch.silentFor(LONGEST));
  }

  private void wait(Duration time) {
    watch.begin();
    nanos.addAndGet(time.toNanos());
    watch.end();
  }
}
