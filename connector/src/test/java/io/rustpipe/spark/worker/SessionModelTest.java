package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of random schedules. Another beginning each time: {@code -Drustpipe.model.seed=N}
 * repeats one, {@code -Drustpipe.model.schedules=N} runs more.
 */
@Timeout(300)
final class SessionModelTest {

  @Test
  void everyInputHasExactlyOneOutcomeWhateverGoesWrong() {
    var seed = Long.getLong("rustpipe.model.seed", new Random().nextInt(1_000_000_000));
    var schedules = Integer.getInteger("rustpipe.model.schedules", 2_000);
    System.out.println("session model: " + schedules + " schedules from seed " + seed);
    var model = new SessionModel();
    for (var i = 0; i < schedules; i++) {
      assertNull(model.apply(seed + i), "-Drustpipe.model.seed=" + (seed + i));
    }
  }
}
