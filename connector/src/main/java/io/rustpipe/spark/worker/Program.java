package io.rustpipe.spark.worker;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program of the user's, as the driver has found it: the same one, or one that the user has
 * allowed, is demanded of every machine that is to run it.
 *
 * @param sha256 the digest of the driver's
 * @param demanded the digests that the user allows; empty for that of the driver's alone
 */
public record Program(ProgramSource source, String sha256, List<String> demanded)
    implements Serializable {

  private static final Logger LOG = LoggerFactory.getLogger(Program.class);

  public Program {
    demanded = List.copyOf(demanded);
  }

  /**
   * Looks at the program on the driver, and warns of one that others may change.
   *
   * @param demanded the digests that the user allows; empty for any
   * @throws IOException if it isn't there, or has a digest that is not allowed
   */
  public static Program find(ProgramSource source, List<String> demanded) throws IOException {
    var pin = demanded.size() == 1 ? demanded.get(0) : null;
    var side = Machine.Side.DRIVER;
    var found =
        source.locate(
            side,
            pin,
            sha256 -> {
              if (!demanded.isEmpty() && !demanded.contains(sha256)) {
                throw notAllowed(source, side, sha256, demanded);
              }
            });
    Exposure.of(found.path())
        .ifPresent(
            exposure ->
                LOG.warn(
                    "the worker '{}' can be changed by others than its owner: {}",
                    source.name(),
                    exposure));
    return new Program(source, found.sha256(), source.isOneForAll() ? List.of() : demanded);
  }

  /** What the user calls the program. */
  public String name() {
    return source.name();
  }

  /** For plans and logs: the name, and how its digest begins. */
  public String title() {
    return "'%s' (sha256 %.12s)".formatted(name(), sha256);
  }

  /**
   * The program's file on this machine, brought here if need be, with the right digest and able to
   * run. Whoever could change it behind this look could also do so between the look and the start.
   *
   * @throws IOException whose message says what to do
   */
  Path file(Machine machine) throws IOException {
    var side = machine.side();
    var stored = source.locate(side, sha256, found -> requireAllowed(side, found));
    new Preflight(name(), stored.path()).requireRunnable(machine);
    return stored.path();
  }

  private void requireAllowed(Machine.Side side, String found) throws IOException {
    if (!demanded.isEmpty() && !demanded.contains(found)) {
      throw notAllowed(source, side, found, demanded);
    }
    if (demanded.isEmpty() && !sha256.equals(found)) {
      throw new IOException(
          "the worker '%s' is another one than when the query was planned: it has sha256 %s on this %s, the driver's had %s; put the same file everywhere and load the table anew%s"
              .formatted(
                  name(),
                  found,
                  side,
                  sha256,
                  source.isOneForAll()
                      ? ""
                      : ", or list the digests of all platforms in option 'workerSha256'"));
    }
  }

  private static IOException notAllowed(
      ProgramSource source, Machine.Side side, String found, List<String> demanded) {
    return new IOException(
        "the worker '%s' has sha256 %s on this %s, but option 'workerSha256' demands %s: put that program there, or change the option if this one is right"
            .formatted(source.name(), found, side, String.join(" or ", demanded)));
  }
}
