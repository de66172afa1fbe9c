package io.rustpipe.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The second opinion on archives: what the system's GNU tar lists and unpacks. */
final class GnuTar {
  /**
   * One line of {@code tar --list}.
   *
   * @param type as the column {@code entry_type} names it
   * @param mode the twelve permission bits
   * @param mtimeMicros since 1970, rounded down
   * @param linkTarget null unless the entry is a link
   * @param sha256 of the content as tar unpacks it, null unless the entry is a regular file
   */
  record Entry(
      String path,
      String type,
      long size,
      int mode,
      long mtimeMicros,
      String linkTarget,
      String sha256) {}

  private static final String QUOTED = "\"((?:[^\"\\\\]|\\\\.)*)\"";
  private static final Pattern LINE =
      Pattern.compile(
          "(.)(.{9}) +\\S+ +(\\d+)(?:,\\d+)? (\\S+) (\\S+) +"
              + QUOTED
              + "(?: (?:->|link to) "
              + QUOTED
              + ")?");

  private static final Pattern ESCAPE_OR_TEXT = Pattern.compile("\\\\(?:([0-7]{3})|(.))|[^\\\\]+");

  private GnuTar() {}

  /** Lists the archive, and unpacks it once for the digests. */
  static List<Entry> entries(Path archive) throws IOException {
    List<Entry> listed = list(archive);
    // Regular files come out one after the other and nothing between them: the sizes cut them
    // apart.
    var unpacking = start("--extract", "--to-stdout", "--gzip", "--file=" + archive);
    var entries = new ArrayList<Entry>();
    try (InputStream contents = unpacking.getInputStream()) {
      for (Entry entry : listed) {
        entries.add(entry.type().equals("REGULAR") ? withDigest(entry, contents) : entry);
      }
      if (contents.read() >= 0) {
        throw new IOException(archive + ": more content than the listed sizes add up to");
      }
    }
    expectSuccess(unpacking, archive);
    return entries;
  }

  /** Packs what is in a folder. */
  static void create(Path folder, Path archive, String format) throws IOException {
    var packing =
        start(
            "--create",
            "--gzip",
            "--format=" + format,
            "--sort=name",
            "--file=" + archive,
            "--directory=" + folder,
            ".");
    packing.getInputStream().readAllBytes();
    expectSuccess(packing, archive);
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static List<Entry> list(Path archive) throws IOException {
    var listing =
        start(
            "--list",
            "--verbose",
            "--numeric-owner",
            "--full-time",
            "--utc",
            // Names in C's quotes: the one style in which " -> " in a name can't be misread.
            "--quoting-style=c",
            "--gzip",
            "--file=" + archive);
    String text = new String(listing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    expectSuccess(listing, archive);
    var entries = new ArrayList<Entry>();
    for (String line : text.lines().toList()) {
      entries.add(parse(line));
    }
    return entries;
  }

  private static Entry parse(String line) throws IOException {
    Matcher fields = LINE.matcher(line);
    if (!fields.matches()) {
      throw new IOException("tar printed a line of another form: " + line);
    }
    return new Entry(
        unquote(fields.group(6)),
        type(fields.group(1)),
        isDevice(fields.group(1)) ? 0 : Long.parseLong(fields.group(3)),
        mode(fields.group(2)),
        micros(fields.group(4), fields.group(5)),
        fields.group(7) == null ? null : unquote(fields.group(7)),
        null);
  }

  private static boolean isDevice(String letter) {
    return letter.equals("c") || letter.equals("b");
  }

  private static String type(String letter) throws IOException {
    return switch (letter) {
      case "-", "C" -> "REGULAR";
      case "h" -> "HARDLINK";
      case "l" -> "SYMLINK";
      case "d" -> "DIRECTORY";
      case "c" -> "CHAR";
      case "b" -> "BLOCK";
      case "p" -> "FIFO";
      default -> throw new IOException("tar shows an unknown type: " + letter);
    };
  }

  /** Reads {@code rwsr-xr-t}: an s or t stands for the special bit, a capital for no x below it. */
  private static int mode(String letters) {
    int mode = 0;
    for (int i = 0; i < 9; i++) {
      char letter = letters.charAt(i);
      if ("rwxst".indexOf(letter) >= 0) {
        mode |= 0400 >> i;
      }
      if ("sStT".indexOf(letter) >= 0) {
        mode |= 04000 >> (i / 3);
      }
    }
    return mode;
  }

  private static long micros(String date, String time) {
    var instant = LocalDate.parse(date).atTime(LocalTime.parse(time)).toInstant(ZoneOffset.UTC);
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
  }

  private static String unquote(String quoted) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (Matcher part = ESCAPE_OR_TEXT.matcher(quoted); part.find(); ) {
      if (part.group(1) != null) {
        bytes.write(Integer.parseInt(part.group(1), 8));
      } else if (part.group(2) != null) {
        bytes.write(unescape(part.group(2).charAt(0)));
      } else {
        bytes.writeBytes(part.group().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int unescape(char letter) throws IOException {
    return switch (letter) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'v' -> 11;
      case 'f' -> '\f';
      case 'r' -> '\r';
      case '\\', '"' -> letter;
      default -> throw new IOException("tar uses an unknown escape: \\" + letter);
    };
  }

  private static Entry withDigest(Entry entry, InputStream contents) throws IOException {
    var digest = sha256();
    byte[] buffer = new byte[64 << 10];
    for (long left = entry.size(); left > 0; ) {
      int read = contents.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new IOException("tar unpacked " + left + " bytes less than it listed for " + entry);
      }
      digest.update(buffer, 0, read);
      left -= read;
    }
    return new Entry(
        entry.path(),
        entry.type(),
        entry.size(),
        entry.mode(),
        entry.mtimeMicros(),
        entry.linkTarget(),
        HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static Process start(String... arguments) throws IOException {
    var command = new ArrayList<String>(List.of("tar"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  private static void expectSuccess(Process tar, Path archive) throws IOException {
    try {
      if (tar.waitFor() != 0) {
        throw new IOException("tar exits with " + tar.exitValue() + " for " + archive);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted while tar reads " + archive, e);
    }
  }
}
